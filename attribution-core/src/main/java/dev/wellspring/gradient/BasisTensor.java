package dev.wellspring.gradient;

import dev.wellspring.model.LinearModule;
import java.util.Locale;

/// The tensors of a module in [BasisFile].
enum BasisTensor {
    ACTIVATION_DIRECTIONS,
    GRADIENT_DIRECTIONS,
    LAMBDA,
    ACTIVATION_EIGENVALUES,
    GRADIENT_EIGENVALUES,
    ACTIVATION_WHITENING,
    GRADIENT_WHITENING,
    ACTIVATION_PROJECTION,
    GRADIENT_PROJECTION,
    SUMMARY;

    /// mean(Λ), mean(λ_S λ_Aᵀ), and the shares of energy and score variance that are kept.
    static final int SUMMARY_LENGTH = 4;

    String name(LinearModule module) {
        return module.name() + "/" + name().toLowerCase(Locale.ROOT);
    }
}
