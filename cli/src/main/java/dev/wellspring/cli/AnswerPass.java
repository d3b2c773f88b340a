package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.analysis.AnswerSearch;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRows;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Goes once over the texts of a run's documents and looks for the answers of its queries in all of them.
final class AnswerPass {
    private final ScoreFolder folder;
    private final List<ScoredQuery> queries;
    private final ScoreRows rows;
    private final AnswerSearch search;
    private int next;

    /// @param folder the scores of every document
    AnswerPass(ScoreFolder folder, List<ScoredQuery> queries) {
        this.folder = folder;
        this.queries = queries;
        this.rows = new ScoreRows(folder);
        this.search = new AnswerSearch(
                RunAnalyses.analysed(queries),
                queries.stream().map(AnswerPass::wanted).toList());
    }

    /// Whether any query has answers, or results of steps, to look for.
    static boolean isWorthwhile(List<ScoredQuery> queries) {
        return queries.stream()
                .map(AnswerPass::wanted)
                .anyMatch(one -> !one.answers().isEmpty() || !one.steps().isEmpty());
    }

    private static AnswerSearch.Wanted wanted(ScoredQuery query) {
        return new AnswerSearch.Wanted(
                texts(query.extras().path("answers")), texts(query.extras().path("intermediate_answers")));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /// How many documents the run has.
    int count() {
        return rows.count();
    }

    /// Looks through a text if it is that of the run's next document; else it was too short to be in the run.
    ///
    /// @return whether it is
    /// @throws BadInputException when it is a whole text and the run has split it
    boolean accept(RunTexts.Text text) {
        if (isDone() || !text.isOf(rows.id(next), rows.part(next))) {
            return false;
        }
        boolean goesOn = next + 1 < rows.count() && rows.part(next + 1) == rows.part(next) + 1;
        if (!text.isPart() && goesOn) {
            throw new BadInputException("--model: expected the checkpoint of the run, as document " + text.document()
                    + " was split into parts, found none; its tokenizer says where");
        }
        search.accept(next++, text.text());
        return true;
    }

    /// Whether every document of the run had its text.
    boolean isDone() {
        return next == rows.count();
    }

    /// The id of the first document that had none; null where all had.
    @Nullable
    String missing() {
        return isDone() ? null : rows.id(next);
    }

    /// Where the documents stand that hold answers, when every document had its text.
    ///
    /// @param by what ranks documents
    AnswerFindings finish(Normalisation by, WorkerPool pool) {
        return search.finish(
                rows.count(),
                q -> folder.column(RowValue.influence(q, queries.get(q).loss(), by)),
                pool);
    }

    /// Which answers of a query a document holds.
    List<String> held(int query, int document) {
        return search.held(query, document);
    }
}
