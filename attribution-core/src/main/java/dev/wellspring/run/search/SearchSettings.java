package dev.wellspring.run.search;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.tensor.DType;

/// What the user asked of `search`.
///
/// @param curvature of those that the store serves
/// @param damping what is added to Λ
/// @param modules which of the stored modules count
/// @param keep how many documents at either end of a query's rankings are kept
/// @param allScores whether the score of every document is kept instead
/// @param sample how many documents, drawn at random, are kept whatever their scores
/// @param rescore how many documents at either end of a query's rankings are written down for scoring through the model
/// @param seed of the draw
/// @param skipDamaged whether broken batches are left out and counted, instead of ending the search
/// @param type to compute in
/// @param memory what the run may take beside the weights
public record SearchSettings(
        CurvatureStrategy curvature,
        Damping damping,
        ModuleSelection modules,
        int keep,
        boolean allScores,
        int sample,
        int rescore,
        long seed,
        boolean skipDamaged,
        DType type,
        MemoryBudget memory) {}
