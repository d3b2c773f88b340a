package dev.wellspring.model;

import dev.wellspring.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The weights of one block. Norms that the family lacks are null.
///
/// @param attentionInput the maps to queries, keys and values, which read the same rows; their outputs lie side
///     by side
/// @param mlpInput the same for gate and up
record BlockWeights(
        List<Linear> attentionInput,
        Linear attentionOutput,
        List<Linear> mlpInput,
        Linear mlpOutput,
        @Nullable Norm beforeAttention,
        @Nullable Norm afterAttention,
        @Nullable Norm beforeMlp,
        @Nullable Norm afterMlp,
        @Nullable Norm query,
        @Nullable Norm key) {
    /// @param weight (n), or (heads, d)
    /// @param bias (n), or null
    record Norm(Tensor weight, @Nullable Tensor bias) {}

    /// All linear maps in forward order.
    Stream<Linear> linears() {
        return Stream.of(attentionInput, List.of(attentionOutput), mlpInput, List.of(mlpOutput))
                .flatMap(List::stream);
    }
}
