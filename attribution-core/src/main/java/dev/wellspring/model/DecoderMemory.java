package dev.wellspring.model;

import dev.wellspring.model.DecoderConfig.AttentionHalf;
import dev.wellspring.model.DecoderConfig.LearnedPositions;
import dev.wellspring.model.DecoderConfig.QueryKeyNorm;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All memory of a decoder beside its weights, allocated once for batches of up to R rows.
///
/// Kept from the forward pass for the backward pass, per layer: what products and attention made (the residual
/// stream, queries|keys|values, the heads' output, gate|up) and the norms' statistics. Recomputed: the outputs
/// of norms, rotations of normalised heads, activations, and the attention probabilities; they cost no product.
/// The gradients of gate and up take the place of gate and up.
final class DecoderMemory {
    // The batch.
    final Tensor tokens;
    final Tensor labels;
    final Tensor positions;
    final Tensor offsets;
    final Tensor lossWeights;
    final Tensor uniforms;
    final Tensor losses;

    // Kept per layer, and at the end of the last.
    final List<Layer> layers = new ArrayList<>();
    final Tensor output;
    final Tensor outputStatistics;

    // Shared by all layers: written and read within one half of one block. Logits are kept in at least FLOAT32, since
    // losses are differences of large logits; their gradients are as narrow as the model.
    final Tensor normed;
    final Tensor inner;
    final @Nullable Tensor queries;
    final @Nullable Tensor keys;
    final Tensor logits;
    final Tensor logitGradients;

    // Gradients, shared by all layers: of the stream, of a norm's input after a half, of what left a parallel block, of
    // a norm's output before a half, of queries|keys|values, of the heads' output, and of f(gate)·up.
    final Tensor streamGradient;
    final Tensor normScratch;
    final Tensor leavingGradient;
    final Tensor normedGradient;
    final Tensor headsGradient;
    final Tensor contextGradient;
    final Tensor innerGradient;

    /// cos and sin of the rotary angles, (R, pairs), or null for learned positions.
    final @Nullable Tensor cosines;

    final @Nullable Tensor sines;

    private final DecoderConfig config;
    private final DType type;
    private final int rows;
    private final Allocation allocation;

    /// @param stream (R, hidden [+ 1]) what enters the block
    /// @param middle (R, hidden [+ 1]) what enters the MLP of a block whose halves follow one another
    /// @param heads (R, queries|keys|values) before they are normalised, or else after they are rotated
    /// @param context (R, H·d [+ 1]) the heads' output
    /// @param attentionBranch (R, hidden) what the norm after the attention reads, if there is one
    /// @param gateUp (R, gate|up)
    /// @param mlpBranch (R, hidden) what the norm after the MLP reads, if there is one
    /// @param statistics of the norms
    record Layer(
            Tensor stream,
            @Nullable Tensor middle,
            Tensor heads,
            Tensor context,
            @Nullable Tensor attentionBranch,
            Tensor gateUp,
            @Nullable Tensor mlpBranch,
            Statistics statistics) {}

    /// (R, 2) each; (R, H, 2) and (R, K, 2) for queries and keys that are normalised head by head.
    record Statistics(
            Tensor beforeAttention,
            Tensor afterAttention,
            Tensor beforeMlp,
            Tensor afterMlp,
            @Nullable Tensor query,
            @Nullable Tensor key) {}

    /// @param rows R
    /// @param logitBytes what the logits of one chunk of rows may take; one row always fits
    DecoderMemory(DecoderConfig config, DType type, int rows, long logitBytes, Allocation allocation) {
        this.config = config;
        this.type = type;
        this.rows = rows;
        this.allocation = allocation;
        AttentionHalf attention = config.attention();
        tokens = allocation.allocate(DType.INT32, rows);
        labels = allocation.allocate(DType.INT32, rows);
        positions = allocation.allocate(DType.INT32, rows);
        offsets = allocation.allocate(DType.INT32, rows + 1L);
        lossWeights = allocation.allocate(DType.FLOAT64, rows);
        uniforms = allocation.allocate(DType.FLOAT64, rows);
        losses = allocation.allocate(DType.FLOAT64, rows);
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(layer());
        }
        output = rows(config.hidden());
        outputStatistics = statistics(2);
        normed = input(config.hidden(), attention.inputBias() || config.mlp().bias());
        inner = input(config.mlp().inner(), config.mlp().bias());
        boolean normedHeads = attention.queryKeyNorm() != QueryKeyNorm.NONE;
        queries = normedHeads ? rows(attention.queryWidth()) : null;
        keys = normedHeads ? rows(attention.keyWidth()) : null;
        long chunk = logitRows(config, type, rows, logitBytes);
        logits = allocation.allocate(precise(type), chunk, config.vocabulary());
        logitGradients = type == logits.type() ? logits : allocation.allocate(type, chunk, config.vocabulary());
        streamGradient = rows(config.hidden());
        TensorNames.Norms norms = config.names().norms();
        normScratch = rowsIf(norms.afterAttention() != null || norms.afterMlp() != null, config.hidden());
        leavingGradient = rowsIf(config.parallel(), config.hidden());
        normedGradient = rows(config.hidden());
        headsGradient = rows(attention.width());
        contextGradient = rows(attention.queryWidth());
        innerGradient = rows(config.mlp().inner());
        int pairs = switch (config.positions()) {
            case LearnedPositions _ -> 0;
            case RotaryPositions rotary -> rotary.frequencies().size();
        };
        cosines = pairs == 0 ? null : allocation.allocate(precise(type), rows, pairs);
        sines = pairs == 0 ? null : allocation.allocate(precise(type), rows, pairs);
    }

    /// The type for small tables and statistics: FLOAT64 for models in FLOAT64, else FLOAT32.
    static DType precise(DType type) {
        return type == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    /// How many rows' logits are in memory at a time.
    static long logitRows(DecoderConfig config, DType type, int rows, long logitBytes) {
        long rowBytes = (long) config.vocabulary() * precise(type).byteSize();
        return Math.clamp(logitBytes / rowBytes, 1, rows);
    }

    private Layer layer() {
        AttentionHalf attention = config.attention();
        TensorNames.Norms norms = config.names().norms();
        boolean mlpReadsStream = norms.beforeMlp() == null;
        return new Layer(
                input(config.hidden(), norms.beforeAttention() == null && attention.inputBias()),
                config.parallel()
                        ? null
                        : input(config.hidden(), mlpReadsStream && config.mlp().bias()),
                rows(attention.width()),
                input(attention.queryWidth(), attention.outputBias()),
                norms.afterAttention() == null ? null : rows(config.hidden()),
                rows(config.mlp().width()),
                norms.afterMlp() == null ? null : rows(config.hidden()),
                new Statistics(
                        statistics(2),
                        statistics(2),
                        statistics(2),
                        statistics(2),
                        headStatistics(attention.heads()),
                        headStatistics(attention.keyValueHeads())));
    }

    private Tensor rows(int width) {
        return allocation.allocate(type, rows, width);
    }

    private Tensor rowsIf(boolean needed, int width) {
        return allocation.allocate(type, needed ? rows : 0, width);
    }

    /// Rows that a linear map reads: with room for the appended 1 and its padding when it has a bias.
    private Tensor input(int width, boolean bias) {
        return rows(Linear.width(width, bias));
    }

    private Tensor statistics(long... shape) {
        long[] full = new long[shape.length + 1];
        full[0] = rows;
        System.arraycopy(shape, 0, full, 1, shape.length);
        return allocation.allocate(precise(type), full);
    }

    private @Nullable Tensor headStatistics(int heads) {
        return switch (config.attention().queryKeyNorm()) {
            case NONE -> null;
            case WHOLE_ROW -> statistics(2);
            case SHARED_BY_HEADS, OWN_PER_HEAD -> statistics(heads, 2);
        };
    }
}
