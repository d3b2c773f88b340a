package dev.wellspring.run.index;

import dev.wellspring.gradient.Compression;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Precision;

/// What the user asked of `index`.
///
/// @param compression what is kept of a module's gradient
/// @param precision of what is kept
/// @param modules which linear maps are stored; the factors must have them
/// @param maxTokens the longest chunk of a document
/// @param type to compute in
/// @param memory what the run may take beside the weights
/// @param shardBytes how large a shard's gradients get, about
/// @param seed of projections
/// @param append whether documents may be added to a finished store
public record IndexSettings(
        Compression compression,
        Precision precision,
        ModuleSelection modules,
        int maxTokens,
        DType type,
        MemoryBudget memory,
        long shardBytes,
        long seed,
        boolean append) {}
