package dev.wellspring.influence;

/// How far compressed query gradients are from the full ones in one module, or in all together.
///
/// @param errorSquared ‖P_q − U Vᵀ‖² for each query
/// @param normSquared ‖P_q‖² for each query
public record CompressionError(double[] errorSquared, double[] normSquared) {
    public CompressionError {
        if (errorSquared.length != normSquared.length) {
            throw new IllegalArgumentException(
                    "normSquared: expected " + errorSquared.length + " queries, got " + normSquared.length);
        }
    }

    /// ‖P_q − U Vᵀ‖ / ‖P_q‖ of one query; 0 for a query whose gradient is zero.
    public double relative(int query) {
        return ratio(errorSquared[query], normSquared[query]);
    }

    /// The same over all queries together.
    public double relative() {
        double error = 0;
        double norm = 0;
        for (int q = 0; q < errorSquared.length; q++) {
            error += errorSquared[q];
            norm += normSquared[q];
        }
        return ratio(error, norm);
    }

    /// The error of two disjoint sets of modules together.
    CompressionError plus(CompressionError other) {
        double[] error = errorSquared.clone();
        double[] norm = normSquared.clone();
        for (int q = 0; q < error.length; q++) {
            error[q] += other.errorSquared[q];
            norm[q] += other.normSquared[q];
        }
        return new CompressionError(error, norm);
    }

    private static double ratio(double error, double norm) {
        return norm == 0 ? 0 : Math.sqrt(error / norm);
    }
}
