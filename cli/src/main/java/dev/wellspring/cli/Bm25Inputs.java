package dev.wellspring.cli;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.score.Bm25Run;
import dev.wellspring.store.gradients.GradientStore;
import dev.wellspring.store.scores.Bm25Files;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A group of options: what a run was made from, so that BM25 scores can be added to it.
final class Bm25Inputs {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The checkpoint of the run.")
    private Path model;

    @Option(names = "--queries", required = true, paramLabel = "FILE", description = "The queries of the run.")
    private Path queries;

    @Option(
            names = "--documents",
            arity = "1..*",
            paramLabel = "FILE",
            description = "The documents of the run, in the same order.")
    private List<Path> documents = List.of();

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "In their place, for a search with --all-scores: the store that was searched.")
    private @Nullable Path store;

    /// Adds the scores to a run, or those that are missing.
    ///
    /// @throws RunRefusedException when one of these is not what the run was made from
    void add(Path run, Manifest manifest, RunScope scope) throws IOException {
        if (documents.isEmpty() == (store == null)) {
            throw new BadInputException("--documents: expected these or --store, got "
                    + (store == null ? "neither" : "both") + "; give what the run was made from");
        }
        try (Checkpoint checkpoint = Checkpoint.open(model);
                Tokenizer tokenizer = Tokenizer.open(model)) {
            require("model", "--model", checkpoint.digest(), manifest);
            require("queries", "--queries", Digests.of(List.of(queries)), manifest);
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            if (store == null) {
                DocumentSource source = corpus(tokenizer, config, manifest);
                require("documents", "--documents", source.digest(), manifest);
                add(run, source, tokenizer, config, scope);
            } else {
                try (GradientStore gradients = GradientStore.open(store)) {
                    var source = new StoredDocuments(
                            new SearchedStore(gradients), gradients.snapshot().digest());
                    require("store", "--store", source.digest(), manifest);
                    add(run, source, tokenizer, config, scope);
                }
            }
        }
    }

    private DocumentSource corpus(Tokenizer tokenizer, DecoderConfig config, Manifest manifest) {
        var tokenisation = new Tokenisation(FinishedScores.longestChunk(manifest), config.vocabulary(), false);
        return CorpusSource.of(documents, tokenizer, tokenisation);
    }

    private void add(Path run, DocumentSource source, Tokenizer tokenizer, DecoderConfig config, RunScope scope) {
        try (LinearAlgebra none = new ReferenceLinearAlgebra();
                var files = new Bm25Files(run)) {
            var context = new RunContext(
                    none,
                    scope.progress(),
                    scope.metrics(),
                    scope.cancellation(),
                    Duration.ofSeconds(30),
                    Version.text());
            new Bm25Run(context).run(run, source, QueryTexts.read(queries, tokenizer, config.vocabulary()), files);
        }
    }

    private static void require(String input, String option, String digest, Manifest manifest) {
        String expected = manifest.inputs().get(input);
        if (!Objects.equals(expected, digest)) {
            throw new RunRefusedException(option + ": expected the " + input + " of the run, found "
                    + (expected == null ? "a run that has none" : "another by content")
                    + "; give what the run was made from");
        }
    }
}
