package dev.wellspring.run.train;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.Initialisation;
import java.io.IOException;

/// What a training begins with.
public sealed interface TrainingStart {
    /// New weights.
    ///
    /// @param digest of the configuration's file
    /// @param initialisation how they are drawn
    record FromScratch(DecoderConfig config, String digest, Initialisation initialisation) implements TrainingStart {}

    /// The weights of a checkpoint.
    record FromCheckpoint(DecoderConfig config, Checkpoint checkpoint) implements TrainingStart {}

    /// What is trained.
    DecoderConfig config();

    /// By content, for the manifest.
    default String identity() throws IOException {
        return switch (this) {
            case FromScratch start -> start.digest();
            case FromCheckpoint start -> start.checkpoint().digest();
        };
    }

    /// The weights before the first step.
    default DecoderWeights weights(LinearAlgebra algebra, DType type, long seed) {
        return switch (this) {
            case FromScratch start -> start.initialisation().weights(algebra, start.config(), type, seed);
            case FromCheckpoint start -> DecoderWeights.load(start.checkpoint(), algebra, type);
        };
    }
}
