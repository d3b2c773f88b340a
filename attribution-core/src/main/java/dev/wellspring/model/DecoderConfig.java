package dev.wellspring.model;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.tensor.DType;
import java.util.List;

/// Everything that distinguishes one decoder from another, as data. [#read] makes it from a `config.json`;
/// [DecoderFamilies] is the table of the known families.
///
/// @param family the word config.json knows it by, e.g. `llama`
/// @param vocabulary V, the number of token ids
/// @param hidden the width of the residual stream
/// @param layers the number of blocks
/// @param norm how the rows are normalised, everywhere but for query and key heads of some families
/// @param attention the first half of a block
/// @param mlp the second half of a block
/// @param parallel whether both halves read the block's input, x + attention(x) + mlp(x), instead of one after
///     the other
/// @param positions how a row knows its place
/// @param embeddingScale what the token embeddings are multiplied by
/// @param logitScale what the logits are multiplied by
/// @param logitSoftCap c in c·tanh(logits/c); 0 means none
/// @param tiedHead whether the language-model head is the embedding table
/// @param names what the tensors are called
public record DecoderConfig(
        String family,
        int vocabulary,
        int hidden,
        int layers,
        Norm norm,
        AttentionHalf attention,
        MlpHalf mlp,
        boolean parallel,
        Positions positions,
        double embeddingScale,
        double logitScale,
        double logitSoftCap,
        boolean tiedHead,
        TensorNames names) {

    /// @param epsilon what keeps the root away from zero
    /// @param bias whether norms add a bias
    /// @param onePlusWeight whether rows are multiplied by 1 + weight instead of weight
    public record Norm(NormKind kind, double epsilon, boolean bias, boolean onePlusWeight) {}

    /// @param heads H query heads
    /// @param keyValueHeads K heads of keys and of values; H is a multiple of it
    /// @param headSize d, the width of a head
    /// @param inputBias whether the maps to queries, keys and values have biases
    /// @param outputBias whether the map from the heads back to the stream has one
    /// @param queryKeyNorm how queries and keys are normalised before they meet
    /// @param shapes scale, window and soft cap of each layer
    public record AttentionHalf(
            int heads,
            int keyValueHeads,
            int headSize,
            boolean inputBias,
            boolean outputBias,
            QueryKeyNorm queryKeyNorm,
            List<AttentionShape> shapes) {
        /// H·d.
        public int queryWidth() {
            return heads * headSize;
        }

        /// K·d.
        public int keyWidth() {
            return keyValueHeads * headSize;
        }

        /// The width of queries, keys and values side by side.
        public int width() {
            return queryWidth() + 2 * keyWidth();
        }
    }

    /// How queries and keys are normalised, if at all.
    public enum QueryKeyNorm {
        NONE,
        /// Each head by itself, all with the same weights.
        SHARED_BY_HEADS,
        /// Each head by itself, each with its own weights.
        OWN_PER_HEAD,
        /// All heads of a row together.
        WHOLE_ROW
    }

    /// @param inner the width between the two maps
    /// @param gated whether f(gate)·up stands between them instead of f(up)
    /// @param bias whether all its maps have biases
    public record MlpHalf(int inner, Activation activation, boolean gated, boolean bias) {
        /// The width of what the activation reads: gate and up side by side, or up alone.
        public int width() {
            return gated ? 2 * inner : inner;
        }
    }

    /// How a row knows its place in its sequence.
    public sealed interface Positions {}

    /// A learned vector is added to the embedding.
    ///
    /// @param count how many there are, and so the longest sequence
    public record LearnedPositions(int count) implements Positions {}

    /// Pairs of the first numbers of each query and key head are rotated by position · frequency.
    ///
    /// @param frequencies radians per position, one for each pair
    /// @param interleaved whether pairs are neighbours, (2j, 2j + 1), rather than (j, j + pairs)
    public record RotaryPositions(List<Double> frequencies, boolean interleaved) implements Positions {}

    public DecoderConfig {
        if (attention.heads() % attention.keyValueHeads() != 0) {
            throw new IllegalArgumentException("keyValueHeads: expected a divisor of " + attention.heads()
                    + " heads, got " + attention.keyValueHeads());
        }
        if (attention.shapes().size() != layers) {
            throw new IllegalArgumentException("shapes: expected one for each of " + layers + " layers, got "
                    + attention.shapes().size());
        }
    }

    /// All linear maps of all blocks, in forward order, as [Decoder#modules] gives them.
    public List<LinearModule> modules() {
        return new WeightLayout(this, DType.FLOAT32, new Allocation.Count())
                .blocks.stream()
                        .flatMap(BlockWeights::linears)
                        .map(Linear::module)
                        .toList();
    }

    /// The most rows one sequence may have.
    public int longestSequence() {
        return switch (positions) {
            case LearnedPositions learned -> learned.count();
            case RotaryPositions _ -> Integer.MAX_VALUE;
        };
    }

    /// Reads a `config.json` of any known family, in the older or the newer spelling.
    ///
    /// @throws CheckpointException when the family, a feature or a field is not as expected, naming it
    public static DecoderConfig read(ConfigFile file) {
        return DecoderFamilies.read(file);
    }
}
