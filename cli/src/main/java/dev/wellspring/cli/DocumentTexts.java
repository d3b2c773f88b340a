package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.analysis.AnswerSearch;
import dev.wellspring.cli.report.DocumentTable;
import dev.wellspring.cli.report.Report;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.search.SampledDocument;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A group of options: where the texts of a run's documents are, of which the run itself keeps the beginnings.
final class DocumentTexts {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The checkpoint of the run, for its tokenizer.")
    private Path model;

    @Option(
            names = "--documents",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "The documents of the run, in the same order.")
    private List<Path> documents = List.of();

    /// What a pass over the texts found.
    ///
    /// @param findings where answers stand; null where they were not looked for
    /// @param marks which answers a document holds
    record Answers(@Nullable AnswerFindings findings, Report.AnswerMarks marks) {
        static final Answers NONE = new Answers(null, (_, _) -> List.of());
    }

    /// In one pass over the documents, brings the texts that a report wants, token by token, and looks for the answers
    /// of queries in all documents.
    ///
    /// @param everything whether the run holds the scores of every document; only then answers are looked for
    /// @throws RunRefusedException when the documents are not those of the run
    Answers bring(
            DocumentTable table,
            ScoreFolder folder,
            List<ScoredQuery> queries,
            Manifest manifest,
            boolean everything,
            WorkerPool pool,
            RunScope scope)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(model);
                Tokenizer tokenizer = Tokenizer.open(model)) {
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            int longest = Integer.parseInt(
                    manifest.settings().getOrDefault("max-tokens", Integer.toString(Tokenisation.DEFAULT_MAX_TOKENS)));
            CorpusSource source =
                    CorpusSource.of(documents, tokenizer, new Tokenisation(longest, config.vocabulary(), false));
            String expected = manifest.inputs().get("documents");
            if (expected != null && !expected.equals(source.digest())) {
                throw new RunRefusedException("--documents: expected the documents of the run, found others by"
                        + " content; give what the run was made from");
            }
            List<AnswerSearch.Wanted> wanted =
                    queries.stream().map(DocumentTexts::wanted).toList();
            boolean searching = everything
                    && wanted.stream()
                            .anyMatch(one ->
                                    !one.answers().isEmpty() || !one.steps().isEmpty());
            var search = searching ? new AnswerSearch(RunAnalyses.analysed(queries), wanted) : null;
            int found = pass(table, new ScoreRows(folder), search, source, tokenizer, scope);
            if (search == null || found < folder.rowCount()) {
                return Answers.NONE;
            }
            AnswerFindings findings = search.finish(
                    found,
                    q -> folder.column(RowValue.influence(q, queries.get(q).loss(), Normalisation.RAW)),
                    pool);
            return new Answers(findings, search::held);
        }
    }

    /// @param search gets the texts of all documents; null where only those of the table are wanted
    /// @return how many documents of the run were found in their places
    private static int pass(
            DocumentTable table,
            ScoreRows rows,
            @Nullable AnswerSearch search,
            CorpusSource source,
            Tokenizer tokenizer,
            RunScope scope)
            throws IOException {
        Set<SampledDocument> wanted = new HashSet<>(table.textsWanted());
        int next = 0;
        scope.progress().start("texts", search == null ? wanted.size() : rows.count(), "documents");
        try (DocumentSource.Chunks chunks = source.open(0)) {
            while (chunks.hasNext() && (search != null || !wanted.isEmpty())) {
                DocumentChunk chunk = chunks.next();
                var document = new SampledDocument(chunk.document(), chunk.part());
                if (wanted.contains(document) && table.tokens(document) == chunk.tokens().length) {
                    wanted.remove(document);
                    table.bringText(document, tokenizer.display(chunk.tokens()));
                    scope.progress().advance(search == null ? 1 : 0, 0);
                }
                boolean isNext = next < rows.count()
                        && rows.id(next).equals(chunk.document())
                        && rows.part(next) == chunk.part();
                if (search != null && isNext) {
                    search.accept(next++, tokenizer.decode(chunk.tokens()));
                    scope.progress().advance(1, chunk.tokens().length);
                }
                scope.cancellation().check("no report");
            }
        }
        scope.progress().finish();
        return next;
    }

    private static AnswerSearch.Wanted wanted(ScoredQuery query) {
        return new AnswerSearch.Wanted(
                texts(query.extras().path("answers")), texts(query.extras().path("intermediate_answers")));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
