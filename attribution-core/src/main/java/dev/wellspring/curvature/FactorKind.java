package dev.wellspring.curvature;

import dev.wellspring.model.LinearModule;

/// The files of a factors folder, as kronfluence names them; each holds one tensor per module.
public enum FactorKind {
    /// Σ a aᵀ, (in, in): the sum, not the mean.
    ACTIVATION_COVARIANCE("activation_covariance"),
    /// Σ g gᵀ, (out, out): the sum, not the mean.
    GRADIENT_COVARIANCE("gradient_covariance"),
    /// The rows in the sum Σ a aᵀ, (1), I64.
    ACTIVATION_COUNT("num_activation_covariance_processed"),
    /// The rows in the sum Σ g gᵀ, (1), I64.
    GRADIENT_COUNT("num_gradient_covariance_processed"),
    /// Q_A, (in, in), of the mean; one eigenvector per column.
    ACTIVATION_EIGENVECTORS("activation_eigenvectors"),
    /// λ_A, (in), of the mean, rising.
    ACTIVATION_EIGENVALUES("activation_eigenvalues"),
    /// Q_S, (out, out), of the mean; one eigenvector per column.
    GRADIENT_EIGENVECTORS("gradient_eigenvectors"),
    /// λ_S, (out), of the mean, rising.
    GRADIENT_EIGENVALUES("gradient_eigenvalues"),
    /// Σ (Q_Sᵀ G_i Q_A)², (out, in): the sum, not the mean.
    LAMBDA_MATRIX("lambda_matrix"),
    /// The sequences in the sum of [#LAMBDA_MATRIX], (1), I64.
    LAMBDA_COUNT("num_lambda_processed");

    private final String word;

    FactorKind(String word) {
        this.word = word;
    }

    /// The file's name without its ending.
    public String word() {
        return word;
    }

    /// Whether it holds one whole number per module.
    public boolean isCount() {
        return switch (this) {
            case ACTIVATION_COUNT, GRADIENT_COUNT, LAMBDA_COUNT -> true;
            case ACTIVATION_COVARIANCE,
                    GRADIENT_COVARIANCE,
                    ACTIVATION_EIGENVECTORS,
                    ACTIVATION_EIGENVALUES,
                    GRADIENT_EIGENVECTORS,
                    GRADIENT_EIGENVALUES,
                    LAMBDA_MATRIX -> false;
        };
    }

    /// The shape of a module's tensor.
    public long[] shape(LinearModule module) {
        long in = module.activationSize();
        long out = module.outputs();
        return switch (this) {
            case ACTIVATION_COVARIANCE, ACTIVATION_EIGENVECTORS -> new long[] {in, in};
            case GRADIENT_COVARIANCE, GRADIENT_EIGENVECTORS -> new long[] {out, out};
            case ACTIVATION_EIGENVALUES -> new long[] {in};
            case GRADIENT_EIGENVALUES -> new long[] {out};
            case LAMBDA_MATRIX -> new long[] {out, in};
            case ACTIVATION_COUNT, GRADIENT_COUNT, LAMBDA_COUNT -> new long[] {1};
        };
    }
}
