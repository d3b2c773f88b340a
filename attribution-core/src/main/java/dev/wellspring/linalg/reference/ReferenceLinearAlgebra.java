package dev.wellspring.linalg.reference;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AdamStep;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.ComposedAttention;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.linalg.Operands;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The oracle: plain loops, all arithmetic in float64, tensors in host memory.
///
/// Beyond the seam's promises, a row's result does not depend on the other rows bit for bit, and sums run in the
/// order of the summed axis from the old value on, so that [#gemm], [#rankUpdate] and [#segmentSum] into FLOAT64
/// give the same bits when the summed axis is cut into several calls.
public final class ReferenceLinearAlgebra implements LinearAlgebra {
    private final ComposedAttention attention = new ComposedAttention(this, DType.FLOAT64, RowParallel.serial());

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "plain loops in float64, one thread, Java " + Runtime.version().feature();
    }

    @Override
    public boolean computes(DType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, BFLOAT16 -> true;
            case FLOAT16, INT32 -> false;
        };
    }

    // ---- memory ----

    @Override
    public Tensor allocate(DType type, long... shape) {
        long byteSize = type.byteSize();
        for (long size : shape) {
            byteSize = Math.multiplyExact(byteSize, size);
        }
        return Tensor.of(HostMemory.allocate(byteSize), type, shape);
    }

    @Override
    public void upload(MemorySegment source, DType sourceType, Tensor target) {
        Operands.transfer("source", source.byteSize(), sourceType, target);
        if (sourceType == DType.INT32) {
            Elements.writeInts(Elements.readInts(source, target.elementCount()), target);
        } else {
            Elements.write(Elements.read(source, sourceType, target.elementCount()), target);
        }
    }

    @Override
    public void download(Tensor source, MemorySegment target, DType targetType) {
        Operands.transfer("target", target.byteSize(), targetType, source);
        if (targetType == DType.INT32) {
            Elements.writeInts(Elements.readInts(source), target);
        } else {
            Elements.write(Elements.read(source), target, targetType);
        }
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Operands.copy(source, target);
        if (source.type() == DType.INT32) {
            Elements.writeInts(Elements.readInts(source), target);
        } else {
            Elements.write(Elements.read(source), target);
        }
    }

    @Override
    public void fill(Tensor target, double value) {
        int count = Math.toIntExact(target.elementCount());
        if (target.type() == DType.INT32) {
            int[] values = new int[count];
            Arrays.fill(values, (int) value);
            Elements.writeInts(values, target);
        } else {
            double[] values = new double[count];
            Arrays.fill(values, value);
            Elements.write(values, target);
        }
    }

    // ---- products ----

    @Override
    public void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        Operands.gemm(a, b, c);
        Products.gemm(alpha, a, b, beta, c);
    }

    @Override
    public void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        Operands.batchedGemm(a, b, c);
        Products.batchedGemm(alpha, a, b, beta, c);
    }

    @Override
    public void rankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        Operands.rankUpdate(x, c);
        Products.rankUpdate(alpha, x, beta, c);
    }

    @Override
    public void mirror(Tensor c) {
        Operands.mirror(c);
        Products.mirror(c);
    }

    // ---- elements and reductions ----

    @Override
    public void add(double alpha, Tensor x, Tensor y) {
        Operands.add(x, y);
        Reductions.add(alpha, x, y);
    }

    @Override
    public void scale(double factor, Tensor x, Tensor y) {
        Operands.sameShape("x", x, "y", y);
        Reductions.scale(factor, x, y);
    }

    @Override
    public void addSquared(double alpha, Tensor x, Tensor y) {
        Operands.addSquared(x, y).forEach(one -> Reductions.addSquared(alpha, one, y));
    }

    @Override
    public void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        Operands.sameShape("x", x, "lambda", lambda);
        Operands.sameShape("x", x, "y", y);
        Reductions.divideDamped(x, lambda, damping, y);
    }

    @Override
    public void segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        Operands.segmentSum(x, segments, out);
        Reductions.segmentSum(x, segments, beta, out);
    }

    @Override
    public void rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        Operands.rowDot(x, y, out);
        Reductions.rowDot(x, y, beta, out);
    }

    @Override
    public void dot(Tensor x, Tensor y, double beta, Tensor out) {
        Operands.dot(x, y, out);
        Reductions.dot(x, y, beta, out);
    }

    @Override
    public void gather(Tensor table, Tensor indices, double beta, Tensor out) {
        Operands.gather(table, indices, out);
        Reductions.gather(table, indices, beta, out);
    }

    @Override
    public void scatterAdd(double alpha, Tensor x, Tensor indices, Tensor table) {
        Operands.scatterAdd(x, indices, table);
        Reductions.scatterAdd(alpha, x, indices, table);
    }

    @Override
    public void adam(AdamStep step, Tensor gradient, Tensor mean, Tensor square, Tensor weight) {
        Operands.adam(gradient, mean, square, weight);
        Reductions.adam(step, gradient, mean, square, weight);
    }

    // ---- layers ----

    @Override
    public void normForward(
            NormKind kind,
            double epsilon,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor y,
            Tensor statistics) {
        Operands.normForward(x, weight, bias, y, statistics);
        Layers.normForward(kind, epsilon, x, weight, bias, y, statistics);
    }

    @Override
    public void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        Operands.normBackward(dy, x, weight, statistics, dx);
        Layers.normBackward(kind, dy, x, weight, statistics, beta, dx);
    }

    @Override
    public void normWeightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        Operands.normWeightBackward(dy, x, statistics, dweight, dbias);
        Layers.normWeightBackward(dy, x, statistics, dweight, dbias);
    }

    @Override
    public void activationForward(Activation f, Tensor x, Tensor y) {
        Operands.sameShape("x", x, "y", y);
        Layers.activationForward(f, x, y);
    }

    @Override
    public void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        Operands.sameShape("x", x, "dy", dy);
        Operands.sameShape("x", x, "dx", dx);
        Layers.activationBackward(f, x, dy, dx);
    }

    @Override
    public void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        Operands.gatedForward(gate, up, y);
        Layers.gatedForward(f, gate, up, y);
    }

    @Override
    public void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        Operands.gatedBackward(gate, up, dy, dgate, dup);
        Layers.gatedBackward(f, gate, up, dy, dgate, dup);
    }

    @Override
    public void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        Operands.rotary(x, cosines, sines, positions);
        Layers.rotary(x, cosines, sines, positions, interleaved, inverse);
    }

    @Override
    public void causalSoftmax(Tensor scores, AttentionShape shape) {
        Operands.causalSoftmax(scores);
        Softmax.causalForward(scores, shape);
    }

    @Override
    public void causalSoftmaxBackward(
            Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        Operands.causalSoftmaxBackward(probabilities, scores, shape, gradients);
        Softmax.causalBackward(probabilities, scores, shape, gradients);
    }

    @Override
    public void attentionForward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        Operands.attention(q, k, v, segments, "out", out);
        attention.forward(q, k, v, segments, shape, out);
    }

    @Override
    public void attentionBackward(
            Tensor q,
            Tensor k,
            Tensor v,
            Segments segments,
            AttentionShape shape,
            Tensor dout,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        Operands.attentionBackward(q, k, v, segments, dout, dq, dk, dv);
        attention.backward(q, k, v, segments, shape, dout, dq, dk, dv);
    }

    @Override
    public void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        Operands.crossEntropy(logits, labels, weights, losses);
        Softmax.crossEntropy(logits, labels, weights, softCap, losses);
    }

    @Override
    public void sampleLabels(Tensor logits, double softCap, Tensor uniforms, Tensor labels) {
        Operands.sampleLabels(logits, uniforms, labels);
        Softmax.sample(logits, softCap, uniforms, labels);
    }

    // ---- decompositions ----

    @Override
    public void eigh(Tensor a, Tensor values, Tensor vectors) {
        Operands.eigh(a, values, vectors);
        var eigen = SymmetricEigen.of(Elements.read(a), a.length(0));
        Elements.write(eigen.values(), values);
        Elements.write(eigen.columns(), vectors);
    }

    @Override
    public void truncatedSvd(Tensor a, Tensor u, Tensor v) {
        Operands.truncatedSvd(a, u, v);
        JacobiSvd.truncated(a, u, v);
    }

    @Override
    public void close() {
        attention.close();
    }
}
