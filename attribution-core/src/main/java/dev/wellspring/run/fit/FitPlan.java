package dev.wellspring.run.fit;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.curvature.ModuleBases;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.util.List;

/// Which modules go through the documents together in each pass of `fit`, so that their sums fit into memory.
///
/// @param modules the tracked ones
/// @param settings what the user asked for
/// @param sharding how documents are batched
/// @param activations what a batch takes in the decoder, in bytes
record FitPlan(List<LinearModule> modules, FitSettings settings, Sharding sharding, long activations) {
    /// The passes for A and S.
    List<List<LinearModule>> covariancePasses() {
        return settings.memory().passes("covariances", modules, activations, CovarianceAccumulator::byteSize);
    }

    /// The passes for Λ.
    List<List<LinearModule>> lambdaPasses() {
        return settings.memory().passes("Λ", modules, activations, this::lambdaBytes);
    }

    /// Checks that every pass fits.
    ///
    /// @throws RunRefusedException when a single module does not
    void requireMemory() {
        if (settings.curvature().hasEigenbasis()) {
            covariancePasses();
        }
        if (settings.curvature().hasLambda()) {
            lambdaPasses();
        }
    }

    /// The largest batch.
    BatchCapacity capacity() {
        return new BatchCapacity(sharding.batchRows(), sharding.batchDocuments());
    }

    /// Whether Λ is measured in the eigenbasis.
    boolean rotated() {
        return settings.curvature() == CurvatureStrategy.EKFAC;
    }

    /// The type rows are rotated in, and factors are stored in.
    DType factorType() {
        return settings.type().sumType();
    }

    private long lambdaBytes(List<LinearModule> group) {
        long bases = rotated() ? ModuleBases.byteSize(group, factorType()) : 0;
        return bases + LambdaAccumulator.byteSize(group, rotated(), capacity(), factorType());
    }
}
