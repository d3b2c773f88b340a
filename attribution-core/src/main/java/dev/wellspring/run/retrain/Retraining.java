package dev.wellspring.run.retrain;

import java.util.BitSet;

/// A training that is done again: without some documents, or from another seed.
///
/// @param removed the numbers of the chunks that are left out
/// @param seed of new weights and of the order of the documents
public record Retraining(BitSet removed, long seed) {
    public Retraining {
        removed = (BitSet) removed.clone();
    }
}
