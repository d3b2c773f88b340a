package dev.wellspring.run.train;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.Sequence;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.tensor.Tensor;
import dev.wellspring.train.BatchOrder;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Trains a decoder on documents. The folder is a Hugging Face checkpoint when the run is complete.
public final class TrainRun {
    /// The word in the manifest for what the folder holds.
    public static final String KIND = "training";

    private final RunContext context;
    private final Supplier<LinearAlgebra> lanes;
    private final RowParallel parallel;
    private final TrainSettings settings;

    /// @param lanes opens one more backend like the context's, which computes on its caller's thread alone
    /// @param parallel spreads the pieces of a batch over threads
    public TrainRun(RunContext context, Supplier<LinearAlgebra> lanes, RowParallel parallel, TrainSettings settings) {
        this.context = context;
        this.lanes = lanes;
        this.parallel = parallel;
        this.settings = settings;
    }

    /// Does what is left to do, and returns the folder's manifest.
    ///
    /// @param companions files that belong to the checkpoint, such as `config.json` and `tokenizer.json`, by name
    /// @throws RunRefusedException when the folder holds another run
    /// @throws CancelledException when the user asked to stop
    public Manifest run(TrainingStart start, DocumentSource documents, Map<String, Path> companions, Path out)
            throws IOException {
        int maxRows = rows(start.config());
        try (RunFolder folder = RunFolder.open(out, manifest(start, documents))) {
            if (folder.manifest().complete()) {
                context.progress().note(out + ": already complete, nothing to do");
                return folder.manifest();
            }
            List<Sequence> sequences = sequences(documents);
            for (Map.Entry<String, Path> companion : companions.entrySet()) {
                folder.write(companion.getKey(), Files.readAllBytes(companion.getValue()));
            }
            train(start, sequences, companions.keySet(), maxRows, folder);
            folder.record("documents", sequences.size());
            folder.record("skipped_documents", documents.skipped());
            folder.complete();
            return folder.manifest();
        }
    }

    private void train(
            TrainingStart start, List<Sequence> sequences, Set<String> companions, int maxRows, RunFolder folder) {
        var order = new BatchOrder(sequences.size(), settings.batch(), settings.seed());
        LearningRate rate = rate(order);
        List<LinearAlgebra> backends = new ArrayList<>();
        try (DecoderWeights weights = start.weights(context.algebra(), settings.type(), settings.seed())) {
            for (int piece = 0; piece < settings.pieces(); piece++) {
                backends.add(settings.pieces() == 1 ? context.algebra() : lanes.get());
            }
            try (Trainer trainer = new Trainer(
                            context.algebra(),
                            backends,
                            parallel,
                            weights,
                            settings.optimizer(),
                            settings.clip(),
                            settings.type(),
                            maxRows);
                    Tensor log = TrainingLog.allocate(context.algebra(), rate.steps())) {
                var stage = new TrainStage(
                        context,
                        trainer,
                        new TrainingLog(context.algebra(), log),
                        new SequenceBatches(sequences, order),
                        rate,
                        settings.checkpoints(),
                        companions,
                        folder);
                Stages.run(stage, context, folder);
            }
        } finally {
            backends.stream().filter(lane -> lane != context.algebra()).forEach(LinearAlgebra::close);
        }
    }

    /// All sequences, in memory: every epoch wants them in another order.
    private List<Sequence> sequences(DocumentSource documents) {
        List<Sequence> sequences = new ArrayList<>();
        context.progress().start("read", documents.count().orElse(-1), "documents");
        try (DocumentSource.Chunks chunks = documents.open(0)) {
            while (chunks.hasNext()) {
                DocumentChunk chunk = chunks.next();
                sequences.add(settings.span() == LossSpan.WHOLE ? Sequence.document(chunk.tokens()) : chunk.sequence());
                context.progress().advance(1, chunk.tokens().length);
            }
        } finally {
            context.progress().finish();
        }
        if (sequences.isEmpty()) {
            throw new RunRefusedException("documents: expected at least one of two tokens or more, found none");
        }
        return sequences;
    }

    private LearningRate rate(BatchOrder order) {
        long steps = switch (settings.length()) {
            case TrainSettings.Length.Steps given -> given.count();
            case TrainSettings.Length.Epochs given -> order.steps(given.count());
        };
        return new LearningRate(settings.rate(), Math.round(steps * settings.warmUp()), settings.shape(), steps);
    }

    /// The most predictions of one pass through a lane; refuses what does not fit into memory.
    private int rows(DecoderConfig config) {
        int longest = settings.maxTokens() - 1;
        int rows = settings.memory()
                .batchRows(
                        longest,
                        count -> settings.pieces()
                                * settings.memory().workingBytes(config, settings.type(), count, longest));
        long weightBytes = DecoderWeights.byteSize(config, settings.type());
        settings.memory()
                .require(
                        "gradients and the optimiser's means",
                        settings.pieces() * settings.memory().workingBytes(config, settings.type(), rows, longest)
                                + Trainer.byteSize(weightBytes, settings.optimizer(), settings.pieces()));
        return rows;
    }

    private Manifest manifest(TrainingStart start, DocumentSource documents) {
        Map<String, String> inputs = new TreeMap<>();
        try {
            inputs.put(start instanceof TrainingStart.FromScratch ? "config" : "model", start.identity());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.toString(), failure);
        }
        inputs.put("documents", documents.digest());
        Map<String, String> chosen = new TreeMap<>();
        chosen.put("optimizer", settings.optimizer().text());
        chosen.put("rate", Double.toString(settings.rate()));
        chosen.put("schedule", settings.shape().word());
        chosen.put("warm-up", Double.toString(settings.warmUp()));
        switch (settings.length()) {
            case TrainSettings.Length.Steps given -> chosen.put("steps", Long.toString(given.count()));
            case TrainSettings.Length.Epochs given -> chosen.put("epochs", Double.toString(given.count()));
        }
        chosen.put("batch", Integer.toString(settings.batch()));
        chosen.put("clip", Double.toString(settings.clip()));
        chosen.put("loss", settings.span().word());
        chosen.put("max-tokens", Integer.toString(settings.maxTokens()));
        chosen.put("pieces", Integer.toString(settings.pieces()));
        chosen.put("seed", Long.toString(settings.seed()));
        chosen.put("dtype", settings.type().name().toLowerCase(Locale.ROOT));
        chosen.put("backend", context.algebra().name());
        if (start instanceof TrainingStart.FromScratch scratch) {
            chosen.put("initialisation", scratch.initialisation().text());
        }
        if (!settings.checkpoints().isEmpty()) {
            chosen.put("checkpoints", settings.checkpoints().toString());
        }
        return Manifest.of(KIND, context.version(), inputs, chosen);
    }
}
