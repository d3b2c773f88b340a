package dev.wellspring.model;

import dev.wellspring.linalg.AttentionMemory;
import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.DecoderConfig.LearnedPositions;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A decoder-only language model: from token ids to losses, and back to the gradients of every tracked linear
/// map.
///
/// All memory is allocated at construction, for batches of up to `maxRows` rows. The result for one sequence
/// does not depend on the others in its batch. One thread at a time uses an instance; several instances may
/// share weights.
public final class Decoder implements AutoCloseable {
    /// The logits of a chunk of rows take at most this many bytes, so that they stay near the processor.
    public static final long HOST_LOGIT_BYTES = 64L << 20;

    /// The same on a device, which reads the whole language-model head for each chunk.
    public static final long DEVICE_LOGIT_BYTES = 512L << 20;

    private final LinearAlgebra algebra;
    private final DecoderConfig config;
    private final DecoderWeights weights;
    private final boolean ownsWeights;
    private final DType type;
    private final int maxRows;
    private final Workspace workspace;
    private final HostMemory staging;
    private final DecoderMemory memory;
    private final List<Block> blocks = new ArrayList<>();
    private final Head head;

    /// A decoder over weights that somebody else closes.
    ///
    /// @param type the type of weights, activations and gradients
    /// @param maxRows the most rows a batch may have
    public Decoder(LinearAlgebra algebra, DecoderWeights weights, DType type, int maxRows) {
        this(algebra, weights, false, type, maxRows, logitBytes(algebra));
    }

    Decoder(
            LinearAlgebra algebra,
            DecoderWeights weights,
            boolean ownsWeights,
            DType type,
            int maxRows,
            long logitBytes) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows: expected at least 1, got " + maxRows);
        }
        if (!algebra.computes(type)) {
            throw new IllegalArgumentException(
                    "type: expected one that the backend " + algebra.name() + " computes in, got " + type);
        }
        this.algebra = algebra;
        this.config = weights.config();
        this.weights = weights;
        this.ownsWeights = ownsWeights;
        this.type = type;
        this.maxRows = maxRows;
        workspace = new Workspace(algebra);
        staging = HostMemory.allocate((maxRows + 1L) * Double.BYTES);
        memory = memory(logitBytes);
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(new Block(algebra, config, weights.layout().blocks.get(layer), memory, layer));
        }
        head = new Head(algebra, config, weights.layout(), memory);
        new DecoderConstants(algebra, config).fill(memory);
    }

    private static long logitBytes(LinearAlgebra algebra) {
        return algebra.device().isPresent() ? DEVICE_LOGIT_BYTES : HOST_LOGIT_BYTES;
    }

    private DecoderMemory memory(long logitBytes) {
        try {
            return new DecoderMemory(config, type, maxRows, logitBytes, workspace::allocate);
        } catch (RuntimeException | OutOfMemoryError e) {
            workspace.close();
            staging.close();
            throw e;
        }
    }

    /// Reads the weights of a checkpoint and makes a decoder that owns them.
    ///
    /// @throws dev.wellspring.model.checkpoint.CheckpointException when the checkpoint is not usable
    public static Decoder load(Checkpoint checkpoint, LinearAlgebra algebra, DType type, int maxRows) {
        DecoderWeights weights = DecoderWeights.load(checkpoint, algebra, type);
        try {
            return new Decoder(algebra, weights, true, type, maxRows, logitBytes(algebra));
        } catch (RuntimeException | OutOfMemoryError e) {
            weights.close();
            throw e;
        }
    }

    /// What this is a decoder of.
    public DecoderConfig config() {
        return config;
    }

    /// The weights at work.
    public DecoderWeights weights() {
        return weights;
    }

    /// The type of weights, activations and gradients.
    public DType type() {
        return type;
    }

    /// The most rows a batch may have.
    public int maxRows() {
        return maxRows;
    }

    /// All linear maps of all blocks, in forward order, under the names that Hugging Face's code gives them.
    /// Fused maps are one module. The language-model head is none.
    public List<LinearModule> modules() {
        return weights.modules();
    }

    /// The number of parameters of the whole model.
    public long parameters() {
        return weights.parameters().values().stream().mapToLong(Long::longValue).sum();
    }

    /// The bytes that a decoder allocates beside its weights, on the backend.
    ///
    /// @param logitBytes [#HOST_LOGIT_BYTES] or [#DEVICE_LOGIT_BYTES]
    public static long activationBytes(DecoderConfig config, DType type, int rows, long logitBytes) {
        var count = new Allocation.Count();
        new DecoderMemory(config, type, rows, logitBytes, count);
        return count.byteSize();
    }

    /// What a decoder and its backend need beside the weights, in bytes: [#activationBytes], and what
    /// attention takes.
    ///
    /// @param longest the rows of the longest sequence
    /// @param backend how much attention takes there
    /// @param logitBytes [#HOST_LOGIT_BYTES] or [#DEVICE_LOGIT_BYTES]
    public static long workingBytes(
            DecoderConfig config, DType type, int rows, int longest, AttentionMemory backend, long logitBytes) {
        DecoderConfig.AttentionHalf attention = config.attention();
        var sizes = new AttentionMemory.Sizes(
                rows, longest, attention.heads(), attention.keyValueHeads(), attention.headSize(), type);
        return activationBytes(config, type, rows, logitBytes) + backend.byteSize(sizes);
    }

    /// The bytes the weights take.
    public long weightBytes() {
        return weights.byteSize();
    }

    /// Forward only.
    ///
    /// @return (R) the loss of each row times its weight, in nats
    /// @throws IllegalArgumentException when the batch has too many rows, unknown token ids or too late
    ///     positions
    public double[] losses(PackedBatch batch) {
        BatchRows rows = begin(batch);
        forward(rows);
        head.losses(rows, false, null, null);
        return downloadLosses(rows);
    }

    /// Forward, loss, and backward down to the lowest tracked module.
    ///
    /// @param uniforms null for the batch's own labels; otherwise one number in [0, 1) per row, with which
    ///     labels are drawn from the model's own predictions
    /// @param tracked the modules whose gradients are wanted
    /// @param tap receives them, last layer first
    /// @return (R) the loss of each row times its weight, in nats
    /// @throws IllegalArgumentException as for [#losses], or when a tracked module is not this model's
    public double[] gradients(
            PackedBatch batch, double @Nullable [] uniforms, Set<LinearModule> tracked, GradientTap tap) {
        int lowest = lowest(tracked);
        BatchRows rows = begin(batch, uniforms);
        forward(rows);
        Tracking tracking = tracked.isEmpty() ? null : new ModuleTracking(tracked, tap, rows.segments());
        head.losses(rows, uniforms != null, tracking, null);
        if (tracking != null) {
            backward(rows, lowest, tracking);
        }
        return downloadLosses(rows);
    }

    /// The same without losses, and without the end of the decoder where its gradients are there already.
    ///
    /// @param tracked the modules whose gradients are wanted, at least one
    /// @param kept head gradients of the same batch and labels, or where they go
    /// @throws IllegalArgumentException as for [#gradients(PackedBatch, double[], Set, GradientTap)]
    public void gradients(
            PackedBatch batch,
            double @Nullable [] uniforms,
            Set<LinearModule> tracked,
            GradientTap tap,
            HeadGradients kept) {
        int lowest = lowest(tracked);
        BatchRows rows = begin(batch, uniforms);
        forward(rows);
        var tracking = new ModuleTracking(tracked, tap, rows.segments());
        Tensor gradients = memory.streamGradient.rows(rows.count());
        if (!kept.take(gradients)) {
            head.losses(rows, uniforms != null, tracking, null);
            kept.keep(gradients);
        }
        backward(rows, lowest, tracking);
        algebra.finish();
    }

    /// From the gradient of what left the last block down to the lowest tracked layer.
    private void backward(BatchRows rows, int lowest, Tracking tracking) {
        for (int layer = config.layers() - 1; layer >= lowest; layer--) {
            blocks.get(layer).backward(rows, layer > lowest, tracking);
        }
    }

    /// Forward, loss, and backward through the whole model: ∂(Σ losses)/∂w is added to a second set of tensors for
    /// every parameter w.
    ///
    /// @param gradients of this decoder's configuration and backend; added to
    /// @return (R) the loss of each row times its weight, in nats
    /// @throws IllegalArgumentException as for [#losses]
    public double[] parameterGradients(PackedBatch batch, DecoderWeights gradients) {
        WeightLayout layout = weights.layout();
        var tracking = new ParameterTracking(algebra, layout, gradients.layout());
        BatchRows rows = begin(batch);
        forward(rows);
        head.losses(rows, false, tracking, null);
        for (int layer = config.layers() - 1; layer >= 0; layer--) {
            blocks.get(layer).backward(rows, true, tracking);
        }
        Tensor streamGradient = memory.streamGradient.rows(rows.count());
        tracking.offerRows(
                layout.embedding, rounded(config.embeddingScale()), memory.tokens.rows(rows.count()), streamGradient);
        if (layout.positions != null) {
            tracking.offerRows(layout.positions, 1, rows.positions(), streamGradient);
        }
        return downloadLosses(rows);
    }

    /// Forward only, with what the model itself would have said.
    ///
    /// @param losses (R) the loss of each row times its weight, in nats
    /// @param tokens (R) the likeliest next token of each row, the first of equals
    public record Prediction(double[] losses, int[] tokens) {}

    /// Losses, and the likeliest next tokens.
    ///
    /// @throws IllegalArgumentException as for [#losses]
    public Prediction predict(PackedBatch batch) {
        BatchRows rows = begin(batch);
        forward(rows);
        int[] tokens = new int[rows.count()];
        head.losses(rows, false, null, tokens);
        return new Prediction(downloadLosses(rows), tokens);
    }

    /// The logits of some rows, before the final soft cap if there is one.
    ///
    /// @param out (toRow − fromRow, V)
    /// @return `out`
    public Tensor logits(PackedBatch batch, int fromRow, int toRow, Tensor out) {
        BatchRows rows = begin(batch);
        forward(rows);
        head.norm(rows);
        head.logits(fromRow, toRow, out);
        return out;
    }

    private void forward(BatchRows rows) {
        embed(rows);
        for (int layer = 0; layer < blocks.size(); layer++) {
            boolean last = layer == blocks.size() - 1;
            Tensor next = last ? memory.output : memory.layers.get(layer + 1).stream();
            blocks.get(layer).forward(rows, next.rows(rows.count()).columns(0, config.hidden()));
        }
    }

    private void embed(BatchRows rows) {
        Tensor stream = memory.layers.getFirst().stream().rows(rows.count()).columns(0, config.hidden());
        algebra.gather(weights.layout().embedding, memory.tokens.rows(rows.count()), 0, stream);
        if (config.embeddingScale() != 1) {
            algebra.scale(rounded(config.embeddingScale()), stream, stream);
        }
        if (weights.layout().positions != null) {
            algebra.gather(weights.layout().positions, rows.positions(), 1, stream);
        }
    }

    /// Gemma's models were trained with the scale rounded to the type of the embeddings, and so Hugging Face's
    /// code rounds it too.
    private double rounded(double scale) {
        return switch (type) {
            case FLOAT64 -> scale;
            case FLOAT32, FLOAT16, INT32 -> (float) scale;
            case BFLOAT16 -> Bfloat16.toFloat(Bfloat16.fromDouble(scale));
        };
    }

    /// The lowest tracked layer.
    private int lowest(Set<LinearModule> tracked) {
        List<LinearModule> modules = modules();
        int lowest = config.layers();
        for (LinearModule module : tracked) {
            if (!modules.contains(module)) {
                throw new IllegalArgumentException("tracked: expected linear maps of this model, got " + module.name());
            }
            lowest = Math.min(lowest, module.layer());
        }
        return lowest;
    }

    private BatchRows begin(PackedBatch batch, double @Nullable [] uniforms) {
        if (uniforms != null && uniforms.length != batch.rows()) {
            throw new IllegalArgumentException(
                    "uniforms: expected one for each of " + batch.rows() + " rows, got " + uniforms.length);
        }
        BatchRows rows = begin(batch);
        if (uniforms != null) {
            upload(uniforms, memory.uniforms);
        }
        return rows;
    }

    private BatchRows begin(PackedBatch batch) {
        check(batch);
        upload(batch.tokens(), memory.tokens);
        upload(batch.labels(), memory.labels);
        upload(batch.positions(), memory.positions);
        upload(batch.weights(), memory.lossWeights);
        upload(batch.offsets(), memory.offsets);
        var segments = new Segments(batch.offsets(), memory.offsets.rows(batch.offsets().length));
        return new BatchRows(batch.rows(), segments, memory.positions.rows(batch.rows()));
    }

    private void check(PackedBatch batch) {
        if (batch.rows() > maxRows) {
            throw new IllegalArgumentException("rows: expected at most " + maxRows + ", got " + batch.rows());
        }
        requireIds("token", batch.tokens());
        requireIds("label", batch.labels());
        int longest = Arrays.stream(batch.positions()).max().orElse(-1) + 1;
        int possible = switch (config.positions()) {
            case LearnedPositions learned -> Math.min(maxRows, learned.count());
            case RotaryPositions _ -> maxRows;
        };
        if (longest > possible) {
            throw new IllegalArgumentException("sequence: expected at most " + possible
                    + " rows, since the model has no later positions, got " + longest + "; split it");
        }
    }

    private void requireIds(String name, int[] ids) {
        for (int row = 0; row < ids.length; row++) {
            if (ids[row] < 0 || ids[row] >= config.vocabulary()) {
                throw new IllegalArgumentException(name + " in row " + row + ": expected an id from 0 to "
                        + (config.vocabulary() - 1) + ", got " + ids[row]
                        + "; the tokenizer does not belong to this model");
            }
        }
    }

    private void upload(int[] values, Tensor target) {
        MemorySegment bytes = staging.segment().asSlice(0, (long) values.length * Integer.BYTES);
        MemorySegment.copy(values, 0, bytes, ValueLayout.JAVA_INT, 0, values.length);
        algebra.upload(bytes, DType.INT32, target.rows(values.length));
    }

    private void upload(double[] values, Tensor target) {
        MemorySegment bytes = staging.segment().asSlice(0, (long) values.length * Double.BYTES);
        MemorySegment.copy(values, 0, bytes, ValueLayout.JAVA_DOUBLE, 0, values.length);
        algebra.upload(bytes, DType.FLOAT64, target.rows(values.length));
    }

    private double[] downloadLosses(BatchRows rows) {
        MemorySegment bytes = staging.segment().asSlice(0, (long) rows.count() * Double.BYTES);
        algebra.download(memory.losses.rows(rows.count()), bytes, DType.FLOAT64);
        return bytes.toArray(ValueLayout.JAVA_DOUBLE);
    }

    @Override
    public void close() {
        workspace.close();
        staging.close();
        if (ownsWeights) {
            weights.close();
        }
    }
}
