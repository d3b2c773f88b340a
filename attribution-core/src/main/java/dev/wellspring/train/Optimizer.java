package dev.wellspring.train;

import java.util.Locale;

/// How a gradient moves the weights.
public sealed interface Optimizer {
    /// AdamW: Adam with decay that does not pass through the running means (arXiv 1711.05101).
    ///
    /// @param meanDecay β₁
    /// @param squareDecay β₂
    /// @param epsilon ε
    /// @param decay of matrices and tables; norms and biases do not decay
    record AdamW(double meanDecay, double squareDecay, double epsilon, double decay) implements Optimizer {
        /// β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
        public static AdamW withDecay(double decay) {
            return new AdamW(0.9, 0.999, 1e-8, decay);
        }

        @Override
        public String text() {
            return String.format(
                    Locale.ROOT, "adamw beta1=%s beta2=%s epsilon=%s decay=%s", meanDecay, squareDecay, epsilon, decay);
        }
    }

    /// Stochastic gradient descent with momentum as PyTorch has it: m = μ·m + g + decay·w, w = w − rate·m.
    ///
    /// @param momentum μ
    /// @param decay of matrices and tables; norms and biases do not decay
    record Sgd(double momentum, double decay) implements Optimizer {
        @Override
        public String text() {
            return String.format(Locale.ROOT, "sgd momentum=%s decay=%s", momentum, decay);
        }
    }

    /// One line for manifests and reports.
    String text();
}
