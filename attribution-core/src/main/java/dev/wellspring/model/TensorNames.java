package dev.wellspring.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a family calls its tensors. Names of parts of a block are relative to it; weights end in `.weight`,
/// biases in `.bias`.
///
/// @param model what all names but the head's begin with; checkpoints of the bare model leave it out
/// @param embedding the token embeddings
/// @param positions the learned positions, if any
/// @param block a block, with `{}` for its number
/// @param queryKeyValue the maps to queries, keys and values
/// @param attentionOutput the map from the heads back to the stream
/// @param mlpInput the maps into the MLP
/// @param mlpOutput the map back to the stream
/// @param norms the norms of a block
/// @param finalNorm the norm before the head
/// @param head the language-model head, with its full name
/// @param transposed whether the weights of linear maps are stored (inputs, outputs)
public record TensorNames(
        String model,
        String embedding,
        @Nullable String positions,
        String block,
        QueryKeyValue queryKeyValue,
        String attentionOutput,
        MlpInput mlpInput,
        String mlpOutput,
        Norms norms,
        String finalNorm,
        String head,
        boolean transposed) {

    /// The maps to queries, keys and values: their names, and how the numbers lie side by side in a row.
    ///
    /// @param names in the order in which their outputs are laid side by side
    /// @param perHead whether a row is (heads, 3, d) rather than all queries, all keys, all values
    public record QueryKeyValue(List<String> names, boolean perHead) {}

    /// The maps into the MLP.
    ///
    /// @param names in the order in which their outputs are laid side by side: gate before up
    /// @param gated whether there is a gate
    public record MlpInput(List<String> names, boolean gated) {}

    /// The norms of a block; null where a family has none. A parallel block without `beforeMlp` feeds both
    /// halves from `beforeAttention`.
    public record Norms(
            @Nullable String beforeAttention,
            @Nullable String afterAttention,
            @Nullable String beforeMlp,
            @Nullable String afterMlp,
            @Nullable String query,
            @Nullable String key) {
        /// Norms at the entrance of the two halves, as most families have them.
        static Norms before(@Nullable String attention, @Nullable String mlp) {
            return new Norms(attention, null, mlp, null, null, null);
        }

        /// The same with norms for queries and keys.
        Norms withQueryKey(String query, String key) {
            return new Norms(beforeAttention, afterAttention, beforeMlp, afterMlp, query, key);
        }
    }

    /// The names that Llama began and most families share.
    static TensorNames llama(Norms norms) {
        return new TensorNames(
                "model.",
                "embed_tokens",
                null,
                "layers.{}.",
                new QueryKeyValue(List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), false),
                "self_attn.o_proj",
                new MlpInput(List.of("mlp.gate_proj", "mlp.up_proj"), true),
                "mlp.down_proj",
                norms,
                "norm",
                "lm_head",
                false);
    }

    /// The same with other maps into the two halves.
    TensorNames withInputs(QueryKeyValue queryKeyValue, MlpInput mlpInput) {
        return new TensorNames(
                model,
                embedding,
                positions,
                block,
                queryKeyValue,
                attentionOutput,
                mlpInput,
                mlpOutput,
                norms,
                finalNorm,
                head,
                transposed);
    }

    /// The full name of something in a block.
    String inBlock(int layer, String name) {
        return model + block.replace("{}", Integer.toString(layer)) + name;
    }
}
