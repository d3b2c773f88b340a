package dev.wellspring.cli;

import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.train.LossSpan;
import dev.wellspring.run.train.TrainSettings;
import dev.wellspring.run.train.TrainSettings.Length;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Optimizer;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: how a model is trained.
final class TrainingOptions {
    /// Which optimiser.
    enum OptimizerChoice {
        ADAMW,
        SGD
    }

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            defaultValue = "adamw",
            description = "adamw, or sgd with momentum 0.9. Default: ${DEFAULT-VALUE}.")
    private OptimizerChoice optimizer = OptimizerChoice.ADAMW;

    @Option(
            names = "--rate",
            paramLabel = "X",
            defaultValue = "1e-3",
            description = "The highest learning rate. Default: ${DEFAULT-VALUE}.")
    private double rate = 1e-3;

    @Option(
            names = "--schedule",
            paramLabel = "SHAPE",
            defaultValue = "cosine",
            description =
                    "How the rate falls after warming up: cosine, linear, or constant. Default: ${DEFAULT-VALUE}.")
    private LearningRate.Shape schedule = LearningRate.Shape.COSINE;

    @Option(
            names = "--warm-up",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description = "The share of the steps in which the rate rises. Default: ${DEFAULT-VALUE}.")
    private double warmUp = 0.01;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            defaultValue = "0",
            description = "Decay of matrices and embeddings; norms and biases have none. Default: ${DEFAULT-VALUE}.")
    private double decay;

    @Option(names = "--steps", paramLabel = "N", description = "How many steps. Default: as many as --epochs take.")
    private @Nullable Long steps;

    @Option(
            names = "--epochs",
            paramLabel = "X",
            description = "How often each document is seen, parts allowed. Default: 10.")
    private @Nullable Double epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "The documents of a step. Default: ${DEFAULT-VALUE}.")
    private int batch = 64;

    @Option(
            names = "--clip",
            paramLabel = "X",
            defaultValue = "1",
            description = "The largest norm of a gradient; 0 for none. Default: ${DEFAULT-VALUE}.")
    private double clip = 1;

    @Option(
            names = "--loss",
            paramLabel = "WHERE",
            defaultValue = "completion",
            description =
                    "Of documents with prompt and completion, what is predicted: the completion, or the whole. Texts"
                            + " are always predicted whole. Default: ${DEFAULT-VALUE}.")
    private LossSpan span = LossSpan.COMPLETION;

    @Option(
            names = "--pieces",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "A batch is computed in so many pieces, each on a thread and with gradients of its own. Decides the"
                            + " last digits, so it is a setting, not the number of threads. Default: ${DEFAULT-VALUE}.")
    private int pieces = 2;

    /// Training in narrow numbers would need a second, wide copy of the weights.
    ///
    /// @throws BadInputException for a type without
    void requireType(DType type) {
        if (type != DType.FLOAT32 && type != DType.FLOAT64) {
            throw new BadInputException("--dtype: expected float32 or float64 for training, got bfloat16");
        }
    }

    /// The same as a run reads them.
    ///
    /// @throws BadInputException when a number makes no sense
    TrainSettings settings(int maxTokens, long seed, DType type, MemoryBudget memory, SortedSet<Long> checkpoints) {
        if (steps != null && epochs != null) {
            throw new BadInputException("--steps, --epochs: expected one of them, got both");
        }
        if ((steps != null && steps < 1) || (epochs != null && !(epochs > 0))) {
            throw new BadInputException("--steps, --epochs: expected more than 0");
        }
        requireRange("--warm-up", warmUp, 1);
        requireRange("--weight-decay", decay, Double.MAX_VALUE);
        requireRange("--clip", clip, Double.MAX_VALUE);
        Length length = steps != null ? new Length.Steps(steps) : new Length.Epochs(epochs == null ? 10 : epochs);
        try {
            return new TrainSettings(
                    chosenOptimizer(),
                    rate,
                    schedule,
                    warmUp,
                    length,
                    batch,
                    clip,
                    span,
                    maxTokens,
                    Math.min(pieces, batch),
                    seed,
                    type,
                    memory,
                    checkpoints);
        } catch (IllegalArgumentException refused) {
            throw new BadInputException("--batch, --pieces: " + refused.getMessage());
        }
    }

    private static void requireRange(String option, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new BadInputException(option + ": expected 0 to " + most + ", got " + value);
        }
    }

    private Optimizer chosenOptimizer() {
        return switch (optimizer) {
            case ADAMW -> Optimizer.AdamW.withDecay(decay);
            case SGD -> new Optimizer.Sgd(0.9, decay);
        };
    }
}
