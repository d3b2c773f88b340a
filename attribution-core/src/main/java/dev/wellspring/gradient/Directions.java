package dev.wellspring.gradient;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;

/// How many of a module's leading eigenvectors are kept, and what that leaves out.
///
/// @param gradient e_S, the number of leading eigenvectors of S
/// @param activation e_A, of A
/// @param energy their share of ΣΛ: of the squared gradient norm of the fitting documents
/// @param scoreVariance their share of Σ(Λ/(Λ+λ))², with λ = 0.1·mean(Λ): of the variance of scores between documents
///     like those
record Directions(int gradient, int activation, double energy, double scoreVariance) {
    private static final double DAMPING = 0.1;

    /// Everything.
    static Directions all(LinearModule module) {
        return new Directions(module.outputs(), module.activationSize(), 1, 1);
    }

    /// The e_S × e_A ≤ `values` leading directions that keep most of the variance of scores.
    ///
    /// Eigenvalues rise, so the leading directions are the last rows and columns of Λ. Cost: one pass over Λ.
    static Directions leading(LinearAlgebra algebra, Spectrum spectrum, int values) {
        int out = spectrum.lambda().length(0);
        int in = spectrum.lambda().length(1);
        double total = spectrum.meanLambda() * out * in;
        double damping = DAMPING * spectrum.meanLambda();
        double[] energies = new double[in];
        double[] variances = new double[in];
        double allVariance = 0;
        var best = new Directions(1, 1, 0, -1);
        for (int kept = 1; kept <= out; kept++) {
            double[] lambda = HostArrays.download(algebra, spectrum.lambda().select(0, out - kept));
            for (int j = 0; j < in; j++) {
                double share = lambda[j] == 0 ? 0 : lambda[j] / (lambda[j] + damping);
                energies[j] += lambda[j];
                variances[j] += share * share;
                allVariance += share * share;
            }
            int columns = Math.min(in, values / kept);
            double variance = columns == 0 ? -1 : sum(variances, in - columns);
            if (variance > best.scoreVariance) {
                best = new Directions(kept, columns, sum(energies, in - columns), variance);
            }
        }
        boolean isZero = total == 0;
        return new Directions(
                best.gradient,
                best.activation,
                isZero ? 1 : best.energy / total,
                isZero ? 1 : best.scoreVariance / allVariance);
    }

    private static double sum(double[] values, int from) {
        double sum = 0;
        for (int i = from; i < values.length; i++) {
            sum += values[i];
        }
        return sum;
    }
}
