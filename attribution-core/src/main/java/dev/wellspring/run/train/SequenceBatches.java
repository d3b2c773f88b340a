package dev.wellspring.run.train;

import dev.wellspring.model.Sequence;
import dev.wellspring.train.BatchOrder;
import java.util.Arrays;
import java.util.List;

/// The sequences that each step sees.
record SequenceBatches(List<Sequence> sequences, BatchOrder order) {
    /// Those of one step, from 0.
    List<Sequence> at(long step) {
        return Arrays.stream(order.at(step)).mapToObj(sequences::get).toList();
    }
}
