package dev.wellspring.run.fit;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.tensor.DType;

/// What the user asked of `fit`.
///
/// @param curvature which approximation
/// @param labels which labels it is fitted with
/// @param modules which linear maps are tracked
/// @param maxDocuments how many documents to fit on, −1 for all
/// @param maxTokens the longest chunk of a document
/// @param seed of the sampled labels
/// @param type to compute in
/// @param memory what the run may take beside the weights
/// @param shardTokens how often state can be committed
public record FitSettings(
        CurvatureStrategy curvature,
        LabelChoice labels,
        ModuleSelection modules,
        long maxDocuments,
        int maxTokens,
        long seed,
        DType type,
        MemoryBudget memory,
        long shardTokens) {}
