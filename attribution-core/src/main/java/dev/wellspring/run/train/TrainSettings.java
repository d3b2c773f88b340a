package dev.wellspring.run.train;

import dev.wellspring.run.MemoryBudget;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Optimizer;
import java.util.SortedSet;

/// What the user asked of `train`.
///
/// @param optimizer how gradients move weights
/// @param rate the highest learning rate
/// @param shape of the rate after warming up
/// @param warmUp the share of all steps in which the rate rises, 0 to 1
/// @param length steps or epochs
/// @param batch the sequences of a step
/// @param clip the largest norm of a gradient, or 0
/// @param span which predictions count
/// @param maxTokens the longest chunk of a document
/// @param pieces how many pieces a batch is computed in, each with gradients of its own
/// @param seed of the weights' beginning and of the order of the sequences
/// @param type to compute in
/// @param memory what the run may take beside the weights
/// @param checkpoints steps after which a checkpoint is kept
public record TrainSettings(
        Optimizer optimizer,
        double rate,
        LearningRate.Shape shape,
        double warmUp,
        Length length,
        int batch,
        double clip,
        LossSpan span,
        int maxTokens,
        int pieces,
        long seed,
        DType type,
        MemoryBudget memory,
        SortedSet<Long> checkpoints) {
    /// How long a training lasts.
    public sealed interface Length {
        /// So many moves.
        record Steps(long count) implements Length {}

        /// So many passes over the sequences.
        record Epochs(double count) implements Length {}
    }

    /// The same from another seed.
    public TrainSettings withSeed(long other) {
        return new TrainSettings(
                optimizer,
                rate,
                shape,
                warmUp,
                length,
                batch,
                clip,
                span,
                maxTokens,
                pieces,
                other,
                type,
                memory,
                checkpoints);
    }

    public TrainSettings {
        if (batch < 1 || pieces < 1 || pieces > batch) {
            throw new IllegalArgumentException(
                    "batch, pieces: expected a batch of at least 1 sequence, and 1 to as many" + " pieces, got " + batch
                            + " and " + pieces);
        }
    }
}
