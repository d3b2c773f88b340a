package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;
import java.util.List;

/// One block: attention and MLP, each added to the residual stream, one after the other or side by side.
///
/// ```
/// in a row:      m = x + attention(x)      out = m + mlp(m)
/// side by side:  out = x + attention(x) + mlp(x)
/// ```
final class Block {
    private final LinearAlgebra algebra;
    private final BlockWeights weights;
    private final DecoderMemory memory;
    private final DecoderMemory.Layer kept;
    private final int hidden;
    private final Attention attention;
    private final Mlp mlp;

    Block(LinearAlgebra algebra, DecoderConfig config, BlockWeights weights, DecoderMemory memory, int layer) {
        this.algebra = algebra;
        this.weights = weights;
        this.memory = memory;
        this.kept = memory.layers.get(layer);
        this.hidden = config.hidden();
        attention = new Attention(algebra, config, weights, memory, layer);
        mlp = new Mlp(algebra, config, weights, memory, layer);
    }

    /// From what enters this block to what leaves it.
    ///
    /// @param out (R, hidden)
    void forward(BatchRows batch, Tensor out) {
        Tensor stream = kept.stream().rows(batch.count());
        if (kept.middle() == null) {
            algebra.copy(stream.columns(0, hidden), out);
            attention.forward(batch, stream, out);
            mlp.forward(stream, out);
            return;
        }
        Tensor middle = kept.middle().rows(batch.count());
        Tensor numbers = middle.columns(0, hidden);
        algebra.copy(stream.columns(0, hidden), numbers);
        attention.forward(batch, stream, numbers);
        algebra.copy(numbers, out);
        mlp.forward(middle, out);
    }

    /// Turns the gradient of what leaves this block, in the memory's `streamGradient`, into that of what enters
    /// it.
    ///
    /// @param deeper whether a block below is tracked; otherwise only what the tracked maps here need is
    ///     computed
    void backward(BatchRows batch, boolean deeper, Tracking tracking) {
        Tensor stream = kept.stream().rows(batch.count());
        Tensor gradient = memory.streamGradient.rows(batch.count());
        boolean attentionWanted =
                deeper || tracking.any(weights.attentionInput()) || tracking.any(List.of(weights.attentionOutput()));
        if (kept.middle() != null) {
            mlp.backward(kept.middle().rows(batch.count()), gradient, attentionWanted ? gradient : null, tracking);
            if (attentionWanted) {
                attention.backward(batch, stream, gradient, deeper ? gradient : null, tracking);
            }
            return;
        }
        // Both halves read the gradient of what left the block, so it must outlive the first that adds to it.
        Tensor left = memory.leavingGradient.rows(batch.count());
        algebra.copy(gradient, left);
        mlp.backward(stream, left, deeper ? gradient : null, tracking);
        if (attentionWanted) {
            attention.backward(batch, stream, left, deeper ? gradient : null, tracking);
        }
    }
}
