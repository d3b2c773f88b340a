package dev.wellspring.queries.split;

import org.jspecify.annotations.Nullable;

/// What lies nearest to a held-out item in training.
///
/// @param distance in the unit of the [Metric]
/// @param id of the first item, in the items' order, that is so near
/// @param ties how many items are so near
/// @param renamed whether an item in training is the same problem under other names; null where names do not matter
public record Nearest(
        long distance, String id, int ties, @Nullable Boolean renamed) {}
