package dev.wellspring.curvature;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Which approximation of the curvature gradients are divided by.
public enum CurvatureStrategy {
    /// Kronecker-factored eigenvectors, and Λ measured in their basis.
    EKFAC,
    /// Kronecker-factored eigenvectors, and Λ the outer product of their eigenvalues.
    KFAC,
    /// Λ in the basis of the parameters themselves.
    DIAGONAL,
    /// No curvature: the inner product of plain gradients.
    IDENTITY;

    /// The factors that preconditioning reads.
    public Set<FactorKind> factors() {
        return switch (this) {
            case EKFAC ->
                EnumSet.of(
                        FactorKind.ACTIVATION_EIGENVECTORS,
                        FactorKind.GRADIENT_EIGENVECTORS,
                        FactorKind.LAMBDA_MATRIX,
                        FactorKind.LAMBDA_COUNT);
            case KFAC ->
                EnumSet.of(
                        FactorKind.ACTIVATION_EIGENVECTORS,
                        FactorKind.GRADIENT_EIGENVECTORS,
                        FactorKind.ACTIVATION_EIGENVALUES,
                        FactorKind.GRADIENT_EIGENVALUES);
            case DIAGONAL -> EnumSet.of(FactorKind.LAMBDA_MATRIX, FactorKind.LAMBDA_COUNT);
            case IDENTITY -> EnumSet.noneOf(FactorKind.class);
        };
    }

    /// Whether fitting has a first pass over the documents, for A and S, and an eigendecomposition after it.
    public boolean hasEigenbasis() {
        return factors().contains(FactorKind.ACTIVATION_EIGENVECTORS);
    }

    /// Whether fitting has a pass over the documents for Λ.
    public boolean hasLambda() {
        return factors().contains(FactorKind.LAMBDA_MATRIX);
    }

    /// The word the option `--curvature` knows it by.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException when no strategy has that word
    public static CurvatureStrategy parse(String word) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("curvature: expected "
                        + Arrays.stream(values()).map(CurvatureStrategy::word).collect(Collectors.joining(", "))
                        + ", got \"" + word + "\""));
    }
}
