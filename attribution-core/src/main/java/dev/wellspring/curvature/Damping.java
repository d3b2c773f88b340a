package dev.wellspring.curvature;

/// What is added to every entry of Λ before gradients are divided by it.
public sealed interface Damping {
    /// λ for a module whose Λ has the given mean.
    double value(double meanLambda);

    /// λ = factor·mean(Λ), so that the scale of a module's gradients does not matter.
    record Relative(double factor) implements Damping {
        public Relative {
            requirePositive(factor);
        }

        @Override
        public double value(double meanLambda) {
            return factor * meanLambda;
        }

        @Override
        public String toString() {
            return factor + "x";
        }
    }

    /// The same λ for every module, in the unit of Λ: nats² per unit of weight².
    record Absolute(double value) implements Damping {
        public Absolute {
            requirePositive(value);
        }

        @Override
        public double value(double meanLambda) {
            return value;
        }

        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /// Reads `0.1x` as relative and `1e-3` as absolute. [#toString] gives a text that reads back as the same.
    ///
    /// @throws IllegalArgumentException when the text is neither, or the number is not positive and finite
    static Damping parse(String text) {
        boolean relative = text.endsWith("x");
        String number = relative ? text.substring(0, text.length() - 1) : text;
        double value;
        try {
            value = Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "damping: expected a number such as 1e-3, or a multiple of mean(Λ) such as 0.1x, got \"" + text
                            + "\"",
                    e);
        }
        return relative ? new Relative(value) : new Absolute(value);
    }

    private static void requirePositive(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("damping: expected a number above 0, got " + value);
        }
    }
}
