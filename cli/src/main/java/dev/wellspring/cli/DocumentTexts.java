package dev.wellspring.cli;

import dev.wellspring.cli.report.DocumentTable;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.search.SampledDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /// Brings the texts that a report wants, token by token, in one pass over the documents.
    ///
    /// @throws RunRefusedException when the documents are not those of the run
    void bring(DocumentTable table, Manifest manifest, RunScope scope) throws IOException {
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
            bring(table, source, tokenizer, scope);
        }
    }

    private static void bring(DocumentTable table, CorpusSource source, Tokenizer tokenizer, RunScope scope)
            throws IOException {
        Set<SampledDocument> wanted = new HashSet<>(table.textsWanted());
        scope.progress().start("texts", wanted.size(), "documents");
        try (DocumentSource.Chunks chunks = source.open(0)) {
            while (!wanted.isEmpty() && chunks.hasNext()) {
                DocumentChunk chunk = chunks.next();
                var document = new SampledDocument(chunk.document(), chunk.part());
                if (wanted.contains(document) && table.tokens(document) == chunk.tokens().length) {
                    wanted.remove(document);
                    table.bringText(document, tokenizer.display(chunk.tokens()));
                    scope.progress().advance(1, chunk.tokens().length);
                }
                scope.cancellation().check("no report");
            }
        }
        scope.progress().finish();
    }
}
