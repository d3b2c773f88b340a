package dev.wellspring.cli;

import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.cli.report.DocumentTable;
import dev.wellspring.cli.report.Report;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.search.SampledDocument;
import dev.wellspring.store.scores.ScoreFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
    /// @param missing what the pass did not find, in sentences
    record Answers(@Nullable AnswerFindings findings, Report.AnswerMarks marks, List<String> missing) {
        static final Answers NONE = new Answers(null, (_, _) -> List.of(), List.of());
    }

    /// In one pass over the documents, brings the texts that a report wants, token by token, and looks for the
    /// answers of queries in all documents.
    ///
    /// @param everything whether the run holds the scores of every document; only then answers are looked for
    /// @param by what ranks the documents that hold answers
    /// @throws RunRefusedException when the documents, or the model, are not those of the run
    Answers bring(
            DocumentTable table,
            ScoreFolder folder,
            List<ScoredQuery> queries,
            Manifest manifest,
            boolean everything,
            Normalisation by,
            WorkerPool pool,
            RunScope scope)
            throws IOException {
        AnswerPass search = everything && AnswerPass.isWorthwhile(queries) ? new AnswerPass(folder, queries) : null;
        var wanted = new WantedTexts(table);
        try (RunTexts texts = RunTexts.open(documents, model, manifest)) {
            if (!texts.isChecked()) {
                scope.progress().note(RunTexts.UNCHECKED);
            }
            read(texts, wanted, search, scope);
        }
        wanted.requireSome();
        return search == null
                ? new Answers(null, (_, _) -> List.of(), wanted.missing())
                : answers(search, wanted, by, pool);
    }

    /// Goes over the texts until nobody needs more of them.
    private static void read(RunTexts texts, WantedTexts wanted, @Nullable AnswerPass search, RunScope scope) {
        scope.progress().start("texts", search == null ? wanted.count() : search.count(), "documents");
        while (texts.hasNext() && (wanted.isLeft() || (search != null && !search.isDone()))) {
            RunTexts.Text text = texts.next();
            boolean shown = wanted.accept(text, texts);
            boolean counts = search == null ? shown : search.accept(text);
            scope.progress().advance(counts ? 1 : 0, 0);
            scope.cancellation().check("no report");
        }
        scope.progress().finish();
    }

    private static Answers answers(AnswerPass search, WantedTexts wanted, Normalisation by, WorkerPool pool) {
        String lost = search.missing();
        if (lost == null) {
            return new Answers(search.finish(by, pool), search::held, wanted.missing());
        }
        List<String> missing = new ArrayList<>(wanted.missing());
        missing.add("Where answers stand is not shown: document " + lost
                + " of the run was not found in its place in the documents given.");
        return new Answers(null, (_, _) -> List.of(), missing);
    }

    /// The documents that a report shows in full, until their texts are found.
    private static final class WantedTexts {
        private final DocumentTable table;
        private final Set<SampledDocument> left;
        private final int count;

        WantedTexts(DocumentTable table) {
            this.table = table;
            this.left = new HashSet<>(table.textsWanted());
            this.count = left.size();
        }

        int count() {
            return count;
        }

        boolean isLeft() {
            return !left.isEmpty();
        }

        /// Brings a text to the table if it is one of a document that is left, of as many tokens.
        ///
        /// @return whether it is
        boolean accept(RunTexts.Text text, RunTexts texts) {
            var document = new SampledDocument(text.document(), text.part());
            if (!left.contains(document) || table.tokens(document) != text.tokens()) {
                return false;
            }
            left.remove(document);
            table.bringText(document, texts.pieces(text));
            return true;
        }

        /// @throws RunRefusedException when some were wanted and none was found
        void requireSome() {
            if (count > 0 && left.size() == count) {
                throw new RunRefusedException("--documents: expected the documents of the run, found none of those that"
                        + " the report shows; give what the run was made from");
            }
        }

        /// What was not found, in a sentence, or nothing.
        List<String> missing() {
            return left.isEmpty()
                    ? List.of()
                    : List.of(String.format(
                            Locale.ROOT,
                            "Of %,d documents to be shown in full, %,d were not found with their number of tokens in the"
                                    + " documents given, and only their beginnings are here.",
                            count,
                            left.size()));
        }
    }
}
