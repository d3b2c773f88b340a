package dev.wellspring.influence;

import dev.wellspring.model.GradientTap;

/// Receives what the gradients of queries are made of, from batches of queries.
public interface QueryTap extends GradientTap {
    /// Says which query the next batch's first sequence is, from 0.
    void startAt(int query);
}
