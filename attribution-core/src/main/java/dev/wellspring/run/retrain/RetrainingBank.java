package dev.wellspring.run.retrain;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.train.TrainRun;
import dev.wellspring.run.train.TrainSettings;
import dev.wellspring.run.train.TrainingStart;
import dev.wellspring.train.Evaluation;
import dev.wellspring.train.Evaluation.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// Models that were trained by one recipe on parts of one corpus. Each has a folder of its own, named after what was
/// left
/// out, and is a checkpoint: a later question finds it there. Several are trained at a time, each on one thread, whose
/// result does not depend on the others.
public final class RetrainingBank {
    private final RunContext context;
    private final Supplier<LinearAlgebra> lanes;
    private final RowParallel parallel;
    private final TrainSettings recipe;
    private final TrainingStart start;
    private final List<DocumentChunk> documents;
    private final String corpus;
    private final Map<String, Path> companions;
    private final Path folder;

    /// @param lanes opens one more backend like the context's, which computes on its caller's thread alone
    /// @param parallel spreads the models over threads
    /// @param documents every chunk of the corpus
    /// @param corpus its digest
    /// @param companions files that belong to every checkpoint, by name
    /// @param folder holds the models
    public RetrainingBank(
            RunContext context,
            Supplier<LinearAlgebra> lanes,
            RowParallel parallel,
            TrainSettings recipe,
            TrainingStart start,
            List<DocumentChunk> documents,
            String corpus,
            Map<String, Path> companions,
            Path folder) {
        this.context = context;
        this.lanes = lanes;
        this.parallel = parallel;
        this.recipe = recipe;
        this.start = start;
        this.documents = List.copyOf(documents);
        this.corpus = corpus;
        this.companions = Map.copyOf(companions);
        this.folder = folder;
    }

    /// Trains those of the models that are not there yet.
    ///
    /// @throws CancelledException when the user asked to stop; models under way go on where they were
    public void train(List<Retraining> wanted) throws IOException {
        Files.createDirectories(folder);
        List<Retraining> missing =
                wanted.stream().distinct().filter(one -> !isThere(place(one))).toList();
        if (missing.isEmpty()) {
            return;
        }
        context.progress().start("retrain", missing.size(), "models");
        try {
            parallel.forRanges(missing.size(), (from, to) -> {
                try (LinearAlgebra algebra = lanes.get()) {
                    for (long i = from; i < to; i++) {
                        train(missing.get((int) i), algebra);
                        context.progress().advance(1, 0);
                    }
                }
            });
        } finally {
            context.progress().finish();
        }
    }

    /// What a model of the bank makes of some sequences, in their order.
    public List<Outcome> evaluate(Retraining model, List<Sequence> sequences) throws IOException {
        int longest = sequences.stream().mapToInt(Sequence::rows).max().orElse(1);
        int rows = recipe.memory()
                .batchRows(
                        longest, count -> recipe.memory().workingBytes(start.config(), recipe.type(), count, longest));
        try (Checkpoint checkpoint = Checkpoint.open(place(model));
                Decoder decoder = Decoder.load(checkpoint, context.algebra(), recipe.type(), rows)) {
            return new Evaluation(decoder).of(sequences);
        }
    }

    /// The folder of a model, whether or not it is there.
    public Path place(Retraining model) {
        String name = String.format(
                Locale.ROOT,
                "without-%d-%s-seed-%d",
                model.removed().cardinality(),
                new SubsetDocuments(documents, model.removed(), corpus).mark().substring(0, 12),
                model.seed());
        return folder.resolve(name);
    }

    private static boolean isThere(Path model) {
        Manifest manifest = RunFolder.find(model);
        return manifest != null && manifest.complete();
    }

    private void train(Retraining model, LinearAlgebra algebra) {
        var alone = new RunContext(
                algebra,
                new MemberProgress(context.progress()),
                Metrics.inMemory(),
                context.cancellation(),
                context.commitEvery(),
                context.version());
        var source = new SubsetDocuments(documents, model.removed(), corpus);
        try {
            new TrainRun(alone, lanes, RowParallel.serial(), recipe.withSeed(model.seed()))
                    .run(start, source, companions, place(model));
        } catch (IOException failure) {
            throw new UncheckedIOException(place(model) + ": " + failure.getMessage(), failure);
        }
    }
}
