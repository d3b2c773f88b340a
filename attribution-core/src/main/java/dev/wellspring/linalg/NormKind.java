package dev.wellspring.linalg;

/// How a row x of n numbers is normalised.
public enum NormKind {
    /// (x − mean(x)) / √(var(x) + ε), with the biased variance.
    LAYER_NORM,
    /// x / √(mean(x²) + ε).
    RMS_NORM
}
