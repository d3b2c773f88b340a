package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.retrain.RetrainingBank;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.run.train.Recipe;
import dev.wellspring.run.train.TrainSettings;
import dev.wellspring.run.train.TrainingStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trained model with its documents and queries, ready to be trained again without some of them.
final class RetrainingBench implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final Tokenizer tokenizer;
    private final @Nullable Checkpoint base;
    private final List<DocumentChunk> documents = new ArrayList<>();
    private final List<QueryInput> queries;
    private final RetrainingBank bank;
    private final TrainSettings recipe;

    RetrainingBench(RetrainingOptions options, MemoryBudget memory, Engine engine) throws IOException {
        checkpoint = Checkpoint.open(options.model);
        tokenizer = Tokenizer.open(options.model);
        base = options.base == null ? null : Checkpoint.open(options.base);
        DecoderConfig config = DecoderConfig.read(checkpoint.config());
        recipe = Recipe.of(options.model, memory);
        CorpusSource source = options.documents.open(tokenizer, config);
        try (DocumentSource.Chunks chunks = source.open(0)) {
            chunks.forEachRemaining(documents::add);
        }
        requireSameDocuments(options.model, source.digest());
        queries = QueryTexts.read(options.queries, tokenizer, config.vocabulary());
        bank = new RetrainingBank(
                engine.context(),
                engine::lane,
                engine.parallel(),
                recipe,
                start(options.model, config, base),
                documents,
                source.digest(),
                ModelChoice.companions(checkpoint.config().path(), options.model),
                options.bank());
    }

    private static void requireSameDocuments(Path model, String digest) {
        String trained = Manifest.read(model).inputs().get("documents");
        if (!digest.equals(trained)) {
            throw new RunRefusedException("--documents: expected those that " + model + " was trained on (" + trained
                    + "), got others (" + digest + ")");
        }
    }

    private static TrainingStart start(Path model, DecoderConfig config, @Nullable Checkpoint base) {
        Map<String, String> inputs = Manifest.read(model).inputs();
        if (inputs.containsKey("config")) {
            return new TrainingStart.FromScratch(
                    config, String.valueOf(inputs.get("config")), Recipe.initialisation(model));
        }
        if (base == null) {
            throw new BadInputException(
                    "--base: expected the checkpoint that " + model + " was trained from, got none");
        }
        return new TrainingStart.FromCheckpoint(config, base);
    }

    /// Every chunk of the corpus, in order.
    List<DocumentChunk> documents() {
        return documents;
    }

    /// In the order of their file.
    List<QueryInput> queries() {
        return queries;
    }

    /// The queries as the model reads them.
    List<Sequence> sequences() {
        return queries.stream()
                .map(query -> Sequence.query(query.promptTokens(), query.completionTokens()))
                .toList();
    }

    /// The token ids of prompts and completions.
    List<int[]> queryTokens() {
        return sequences().stream().map(Sequence::tokens).toList();
    }

    /// The token ids of every chunk.
    List<int[]> documentTokens() {
        return documents.stream().map(DocumentChunk::tokens).toList();
    }

    RetrainingBank bank() {
        return bank;
    }

    /// How the model was trained.
    TrainSettings recipe() {
        return recipe;
    }

    @Override
    public void close() {
        tokenizer.close();
        checkpoint.close();
        if (base != null) {
            base.close();
        }
    }
}
