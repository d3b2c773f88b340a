package dev.wellspring.run.score;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.tensor.DType;

/// What the user asked of `score`.
///
/// @param curvature which of the factors to use
/// @param damping what is added to Λ
/// @param rank of the compressed query gradients
/// @param modules which linear maps are tracked; the factors must have them
/// @param tokenScores whether the share of every token is kept
/// @param moduleScores whether the share of every module is kept
/// @param maxTokens the longest chunk of a document
/// @param type to compute in
/// @param memory what the run may take beside the weights
/// @param shardTokens how many tokens of documents go into one shard
public record ScoreSettings(
        CurvatureStrategy curvature,
        Damping damping,
        RankChoice rank,
        ModuleSelection modules,
        boolean tokenScores,
        boolean moduleScores,
        int maxTokens,
        DType type,
        MemoryBudget memory,
        long shardTokens) {}
