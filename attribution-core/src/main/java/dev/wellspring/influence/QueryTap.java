package dev.wellspring.influence;

import dev.wellspring.model.GradientTap;

/// Takes the gradients of queries that come in several batches.
public interface QueryTap extends GradientTap {
    /// Says which query the next batch's first sequence is, from 0.
    void startAt(int query);
}
