package dev.wellspring.run.train;

import dev.wellspring.model.CheckpointFile;
import dev.wellspring.model.checkpoint.ExactState;
import dev.wellspring.run.CommittedState;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.tensor.Tensor;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/// Step after step, from the last committed one.
final class TrainStage implements Stage {
    /// How often the loss is told.
    private static final int TIMES_TOLD = 10;

    private final RunContext context;
    private final Trainer trainer;
    private final TrainingLog log;
    private final SequenceBatches batches;
    private final LearningRate rate;
    private final SortedSet<Long> checkpoints;
    private final Set<String> companions;
    private final RunFolder folder;
    private final CommittedState committed;

    /// @param companions files of the folder that belong to every checkpoint
    TrainStage(
            RunContext context,
            Trainer trainer,
            TrainingLog log,
            SequenceBatches batches,
            LearningRate rate,
            SortedSet<Long> checkpoints,
            Set<String> companions,
            RunFolder folder) {
        this.context = context;
        this.trainer = trainer;
        this.log = log;
        this.batches = batches;
        this.rate = rate;
        this.checkpoints = checkpoints;
        this.companions = companions;
        this.folder = folder;
        this.committed = new CommittedState(folder, name());
    }

    @Override
    public String name() {
        return "train";
    }

    @Override
    public boolean isComplete() {
        return Files.exists(folder.resolve(CheckpointFile.NAME));
    }

    @Override
    public void run() {
        try {
            long first = restore();
            context.progress().start(name(), rate.steps(), "steps");
            context.progress().advance(first, 0);
            train(first);
            folder.record("steps", rate.steps());
            folder.record("last_loss", lastLoss(rate.steps()));
            folder.write("training.csv", log.csv());
            CheckpointFile.write(folder.path(), trainer.weights(), context.algebra());
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    private void train(long first) throws IOException {
        long lastCommit = System.nanoTime();
        for (long step = first; step < rate.steps(); step++) {
            Trainer.Step result = trainer.step(batches.at(step), rate.at(step), step);
            requireFinite(result, step + 1);
            log.put(step, rate.at(step), result);
            context.progress().advance(1, result.tokens());
            context.metrics().count(name(), "tokens", result.tokens());
            long done = step + 1;
            tell(done);
            if (checkpoints.contains(done)) {
                keep(done);
            }
            if (context.cancellation().isRequested()
                    || System.nanoTime() - lastCommit >= context.commitEvery().toNanos()) {
                commit(done);
                lastCommit = System.nanoTime();
                context.cancellation().check(done + " steps");
            }
        }
    }

    private static void requireFinite(Trainer.Step result, long step) {
        if (!Double.isFinite(result.loss()) || !Double.isFinite(result.gradientNorm())) {
            throw new RunRefusedException("step " + step + ": expected a finite loss and gradient, got " + result.loss()
                    + " and " + result.gradientNorm() + "; lower --rate or --clip");
        }
    }

    private void tell(long done) {
        long between = Math.max(1, rate.steps() / TIMES_TOLD);
        if (done % between == 0 || done == rate.steps()) {
            context.progress()
                    .note(String.format(Locale.ROOT, "step %d of %d: loss %.4f", done, rate.steps(), lastLoss(done)));
        }
    }

    /// The mean of the last hundredth, which is steadier than one batch.
    private double lastLoss(long done) {
        return log.meanLoss(done - Math.clamp(rate.steps() / 100, 1, done), done);
    }

    private long restore() throws IOException {
        OptionalLong done = committed.units();
        if (done.isPresent()) {
            ExactState.restore(
                    context.algebra(), committed.at(done.getAsLong()).getFirst(), state(), new LinkedHashMap<>());
            context.progress().note(name() + ": going on after " + done.getAsLong() + " steps");
        }
        return done.orElse(0);
    }

    private void commit(long done) throws IOException {
        Path file = committed.at(done).getFirst();
        ExactState.save(context.algebra(), file, state(), Map.of());
        committed.deleteOthersThan(List.of(file));
    }

    private Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(trainer.state());
        state.put("log", log.values());
        return state;
    }

    /// A checkpoint in `checkpoints/step-N`, with the optimiser's state beside it.
    private void keep(long done) throws IOException {
        Path kept = Files.createDirectories(
                folder.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%09d", done)));
        for (String companion : companions) {
            Path copy = kept.resolve(companion);
            if (!Files.exists(copy)) {
                Files.copy(folder.resolve(companion), copy);
            }
        }
        ExactState.save(context.algebra(), kept.resolve("optimizer.safetensors"), trainer.state(), Map.of());
        CheckpointFile.write(kept, trainer.weights(), context.algebra());
    }
}
