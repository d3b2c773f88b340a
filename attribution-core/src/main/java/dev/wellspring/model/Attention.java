package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderConfig.AttentionHalf;
import dev.wellspring.model.DecoderConfig.LearnedPositions;
import dev.wellspring.model.DecoderConfig.QueryKeyNorm;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The first half of a block: each row looks back at the rows of its own sequence.
final class Attention {
    private final LinearAlgebra algebra;
    private final DecoderConfig config;
    private final AttentionHalf shape;
    private final BlockWeights weights;
    private final DecoderMemory memory;
    private final DecoderMemory.Layer kept;
    private final int layer;
    private final Entrance entrance;
    private final Exit exit;

    Attention(LinearAlgebra algebra, DecoderConfig config, BlockWeights weights, DecoderMemory memory, int layer) {
        this.algebra = algebra;
        this.config = config;
        this.shape = config.attention();
        this.weights = weights;
        this.memory = memory;
        this.kept = memory.layers.get(layer);
        this.layer = layer;
        entrance = new Entrance(
                algebra,
                config,
                weights.attentionInput(),
                weights.beforeAttention(),
                kept.statistics().beforeAttention(),
                memory.normed);
        exit = new Exit(
                algebra,
                config,
                weights.attentionOutput(),
                weights.afterAttention(),
                kept.attentionBranch(),
                kept.statistics().afterAttention(),
                memory.normScratch);
    }

    /// sum = sum + attention(stream).
    void forward(BatchRows batch, Tensor stream, Tensor sum) {
        Tensor heads = kept.heads().rows(batch.count());
        entrance.forward(stream, heads);
        Heads read = normalised(heads);
        rotate(read.queries(), batch, false);
        rotate(read.keys(), batch, false);
        Tensor context = kept.context().rows(batch.count());
        algebra.attentionForward(
                read.queries(),
                read.keys(),
                read.values(),
                batch.segments(),
                config.attention().shapes().get(layer),
                split(context.columns(0, shape.queryWidth()), shape.heads()));
        exit.forward(context, sum);
    }

    /// Offers the gradients of its maps, and adds to the stream's gradient.
    ///
    /// @param sumGradient ∂loss/∂sum; may be the stream's gradient
    /// @param streamGradient null when nothing below is tracked
    void backward(
            BatchRows batch, Tensor stream, Tensor sumGradient, @Nullable Tensor streamGradient, Tracking tracking) {
        Tensor context = kept.context().rows(batch.count());
        Tensor outputGradients = exit.outputGradients(sumGradient, tracking);
        tracking.offer(weights.attentionOutput(), context, outputGradients);
        if (streamGradient == null && !tracking.any(weights.attentionInput())) {
            return;
        }
        Tensor contextGradient = memory.contextGradient.rows(batch.count());
        weights.attentionOutput().backward(algebra, outputGradients, 0, contextGradient);

        Tensor heads = kept.heads().rows(batch.count());
        Heads read = normalised(heads);
        if (shape.queryKeyNorm() != QueryKeyNorm.NONE) {
            rotate(read.queries(), batch, false);
            rotate(read.keys(), batch, false);
        }
        Tensor headsGradient = memory.headsGradient.rows(batch.count());
        Heads gradients = heads(headsGradient);
        algebra.attentionBackward(
                read.queries(),
                read.keys(),
                read.values(),
                batch.segments(),
                config.attention().shapes().get(layer),
                split(contextGradient, shape.heads()),
                gradients.queries(),
                gradients.keys(),
                gradients.values());
        rotate(gradients.queries(), batch, true);
        rotate(gradients.keys(), batch, true);
        normaliseBackward(headsGradient, heads, tracking);
        entrance.backward(stream, headsGradient, memory.normedGradient.rows(batch.count()), streamGradient, tracking);
    }

    /// @param queries (R, H, d)
    /// @param keys (R, K, d)
    /// @param values (R, K, d)
    private record Heads(Tensor queries, Tensor keys, Tensor values) {}

    /// The three parts of a row, as the family lays them out.
    private Heads heads(Tensor rows) {
        if (config.names().queryKeyValue().perHead()) {
            Tensor split = rows.split(1, shape.heads(), 3, shape.headSize());
            return new Heads(split.select(2, 0), split.select(2, 1), split.select(2, 2));
        }
        return new Heads(
                split(queries(rows), shape.heads()),
                split(keys(rows), shape.keyValueHeads()),
                split(rows.columns(shape.queryWidth() + shape.keyWidth(), shape.width()), shape.keyValueHeads()));
    }

    private Tensor queries(Tensor rows) {
        return rows.columns(0, shape.queryWidth());
    }

    private Tensor keys(Tensor rows) {
        return rows.columns(shape.queryWidth(), shape.queryWidth() + shape.keyWidth());
    }

    private Tensor split(Tensor rows, int heads) {
        return rows.split(1, heads, shape.headSize());
    }

    /// The heads as attention reads them: the rows themselves, or normalised copies of queries and keys.
    private Heads normalised(Tensor rows) {
        Heads raw = heads(rows);
        if (memory.queries == null || memory.keys == null) {
            return raw;
        }
        Tensor queries = memory.queries.rows(rows.size(0));
        Tensor keys = memory.keys.rows(rows.size(0));
        DecoderMemory.Statistics statistics = kept.statistics();
        normalise(queries(rows), shape.heads(), weights.query(), statistics.query(), queries);
        normalise(keys(rows), shape.keyValueHeads(), weights.key(), statistics.key(), keys);
        return new Heads(split(queries, shape.heads()), split(keys, shape.keyValueHeads()), raw.values());
    }

    private void normalise(
            Tensor x, int heads, BlockWeights.@Nullable Norm norm, @Nullable Tensor statistics, Tensor y) {
        algebra.normForward(
                config.norm().kind(),
                config.norm().epsilon(),
                normalisedTogether(x, heads),
                Objects.requireNonNull(norm).weight(),
                null,
                normalisedTogether(y, heads),
                Objects.requireNonNull(statistics).rows(x.size(0)));
    }

    /// From the gradients of the normalised queries and keys to those of the raw ones, in place.
    private void normaliseBackward(Tensor gradients, Tensor rows, Tracking tracking) {
        if (shape.queryKeyNorm() == QueryKeyNorm.NONE) {
            return;
        }
        DecoderMemory.Statistics statistics = kept.statistics();
        normaliseBackward(
                queries(gradients), queries(rows), shape.heads(), weights.query(), statistics.query(), tracking);
        normaliseBackward(
                keys(gradients), keys(rows), shape.keyValueHeads(), weights.key(), statistics.key(), tracking);
    }

    private void normaliseBackward(
            Tensor dy,
            Tensor x,
            int heads,
            BlockWeights.@Nullable Norm norm,
            @Nullable Tensor statistics,
            Tracking tracking) {
        Tensor gradients = normalisedTogether(dy, heads);
        Tensor inputs = normalisedTogether(x, heads);
        Tensor moments = Objects.requireNonNull(statistics).rows(x.size(0));
        tracking.offer(Objects.requireNonNull(norm), gradients, inputs, moments);
        algebra.normBackward(config.norm().kind(), gradients, inputs, norm.weight(), moments, 0, gradients);
    }

    /// A view whose last axis is what one mean is taken over.
    private Tensor normalisedTogether(Tensor rows, int heads) {
        return switch (shape.queryKeyNorm()) {
            case NONE, WHOLE_ROW -> rows;
            case SHARED_BY_HEADS, OWN_PER_HEAD -> split(rows, heads);
        };
    }

    private void rotate(Tensor heads, BatchRows batch, boolean inverse) {
        switch (config.positions()) {
            case LearnedPositions _ -> {}
            case RotaryPositions rotary ->
                algebra.rotary(
                        heads,
                        Objects.requireNonNull(memory.cosines),
                        Objects.requireNonNull(memory.sines),
                        batch.positions(),
                        rotary.interleaved(),
                        inverse);
        }
    }
}
