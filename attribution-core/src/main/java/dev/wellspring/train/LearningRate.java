package dev.wellspring.train;

import java.util.Locale;

/// The learning rate of each step: a linear rise, then a shape.
///
/// @param peak the highest rate
/// @param warmUp the steps of the rise
/// @param shape what follows
/// @param steps the length of the training
public record LearningRate(double peak, long warmUp, Shape shape, long steps) {
    /// What follows the rise.
    public enum Shape {
        /// The peak, to the end.
        CONSTANT,
        /// Half a cosine, from the peak to zero.
        COSINE,
        /// A straight line, from the peak to zero.
        LINEAR;

        /// As options and manifests write it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LearningRate {
        if (!(peak > 0) || warmUp < 0 || steps < 1 || warmUp > steps) {
            throw new IllegalArgumentException("learning rate: expected a peak above 0 and 0 to " + steps
                    + " warm-up steps, got " + peak + " and " + warmUp);
        }
    }

    /// The rate of one step, from 0.
    public double at(long step) {
        if (step < warmUp) {
            return peak * (step + 1) / (double) warmUp;
        }
        double progress = (step - warmUp) / (double) Math.max(1, steps - warmUp);
        return switch (shape) {
            case CONSTANT -> peak;
            case COSINE -> peak * (1 + StrictMath.cos(Math.PI * progress)) / 2;
            case LINEAR -> peak * (1 - progress);
        };
    }
}
