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

    /// One line for manifests and reports, which [#parse] reads.
    String text();

    /// What [#text] says.
    ///
    /// @throws IllegalArgumentException when it is nothing of the kind
    static Optimizer parse(String text) {
        String[] words = text.split("[ =]", -1);
        if (words.length == 9 && words[0].equals("adamw")) {
            return new AdamW(
                    Double.parseDouble(words[2]),
                    Double.parseDouble(words[4]),
                    Double.parseDouble(words[6]),
                    Double.parseDouble(words[8]));
        }
        if (words.length == 5 && words[0].equals("sgd")) {
            return new Sgd(Double.parseDouble(words[2]), Double.parseDouble(words[4]));
        }
        throw new IllegalArgumentException("optimizer: expected adamw or sgd with its numbers, got " + text);
    }
}
