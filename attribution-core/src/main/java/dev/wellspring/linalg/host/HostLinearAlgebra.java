package dev.wellspring.linalg.host;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What backends on the host have in common: memory of this process, row loops in float64 over `double[]`, and
/// products of which only one piece at a time is somebody else's, a [MatrixProduct]. A backend with faster kernels
/// overrides an operation, and leaves the operands it does not take to this class.
///
/// The same operands give the same bytes, whatever [RowParallel] does.
public abstract class HostLinearAlgebra implements LinearAlgebra {
    private final RowParallel parallel;
    private final Elements elements;
    private final Products products;
    private final Norms norms;
    private final Layers layers;
    private final Softmax softmax;
    private final Decompositions decompositions;
    private final ComposedAttention attention;
    private final GramNorms gramNorms;

    /// @param product multiplies
    /// @param tileSum adds up what it multiplied in FLOAT32
    /// @param lapack decomposes
    /// @param parallel spreads rows, and pieces of products, over threads
    @SuppressWarnings("this-escape") // both keep the reference, and call nothing before they are asked to
    protected HostLinearAlgebra(MatrixProduct product, TileSum tileSum, Lapack lapack, RowParallel parallel) {
        this.parallel = parallel;
        var blocks = new Blocks(parallel);
        elements = new Elements(blocks);
        products = new Products(product, tileSum, elements, parallel);
        norms = new Norms(blocks);
        layers = new Layers(blocks);
        softmax = new Softmax(blocks);
        decompositions = new Decompositions(product, lapack, elements, products, parallel);
        attention = new ComposedAttention(this, DType.FLOAT32, product.concurrent() ? parallel : RowParallel.serial());
        gramNorms = new GramNorms(this, product, parallel);
    }

    // ---- memory ----

    @Override
    public Tensor allocate(DType type, long... shape) {
        return newTensor(type, shape);
    }

    /// New zeroed memory of this process, row-major.
    static Tensor newTensor(DType type, long... shape) {
        long byteSize = type.byteSize();
        for (long size : shape) {
            byteSize = Math.multiplyExact(byteSize, size);
        }
        return Tensor.of(HostMemory.allocate(byteSize), type, shape);
    }

    @Override
    public void upload(MemorySegment source, DType sourceType, Tensor target) {
        Operands.transfer("source", source.byteSize(), sourceType, target);
        elements.upload(source, sourceType, target);
    }

    @Override
    public void download(Tensor source, MemorySegment target, DType targetType) {
        Operands.transfer("target", target.byteSize(), targetType, source);
        elements.download(source, target, targetType);
    }

    @Override
    public RowParallel downloads() {
        return parallel;
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Operands.copy(source, target);
        elements.copy(source, target);
    }

    @Override
    public void fill(Tensor target, double value) {
        elements.fill(target, value);
    }

    // ---- products ----

    @Override
    public void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        Operands.gemm(a, b, c);
        products.gemm(alpha, a, b, beta, c);
    }

    @Override
    public void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        Operands.batchedGemm(a, b, c);
        products.batchedGemm(alpha, a, b, beta, c);
    }

    @Override
    public boolean addSquaredProducts(Tensor a, Tensor b, Tensor c) {
        Operands.addSquaredProducts(a, b, c);
        return products.addSquaredProducts(a, b, c);
    }

    @Override
    public void rankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        Operands.rankUpdate(x, c);
        products.rankUpdate(alpha, x, beta, c);
    }

    @Override
    public void lowerRankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        Operands.rankUpdate(x, c);
        products.updateLowerTriangle(alpha, x, beta, c);
    }

    @Override
    public void mirror(Tensor c) {
        Operands.mirror(c);
        products.mirrorLowerTriangle(c);
    }

    // ---- elements and reductions ----

    @Override
    public void add(double alpha, Tensor x, Tensor y) {
        Operands.add(x, y);
        elements.add(alpha, x, y);
    }

    @Override
    public void scale(double factor, Tensor x, Tensor y) {
        Operands.sameShape("x", x, "y", y);
        elements.scale(factor, x, y);
    }

    @Override
    public void addSquared(double alpha, Tensor x, Tensor y) {
        Operands.addSquared(x, y).forEach(one -> elements.addSquared(alpha, one, y));
    }

    @Override
    public void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        Operands.sameShape("x", x, "lambda", lambda);
        Operands.sameShape("x", x, "y", y);
        elements.divideDamped(x, lambda, damping, y);
    }

    @Override
    public void segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        Operands.segmentSum(x, segments, out);
        elements.segmentSum(x, segments, beta, out);
    }

    @Override
    public void rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        Operands.rowDot(x, y, out);
        elements.rowDot(x, y, beta, out);
    }

    @Override
    public void dot(Tensor x, Tensor y, double beta, Tensor out) {
        Operands.dot(x, y, out);
        elements.dot(x, y, beta, out);
    }

    @Override
    public void gather(Tensor table, Tensor indices, double beta, Tensor out) {
        Operands.gather(table, indices, out);
        elements.gather(table, indices, beta, out);
    }

    @Override
    public void scatterAdd(double alpha, Tensor x, Tensor indices, Tensor table) {
        Operands.scatterAdd(x, indices, table);
        elements.scatterAdd(alpha, x, indices, table);
    }

    @Override
    public void adam(AdamStep step, Tensor gradient, Tensor mean, Tensor square, Tensor weight) {
        Operands.adam(gradient, mean, square, weight);
        elements.adam(step, gradient, mean, square, weight);
    }

    @Override
    public boolean addGradientNorms(Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        Operands.addGradientNorms(activations, outputGradients, segments, norms);
        return gramNorms.add(activations, outputGradients, segments, norms);
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
        norms.forward(kind, epsilon, x, weight, bias, y, statistics);
    }

    @Override
    public void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        Operands.normBackward(dy, x, weight, statistics, dx);
        norms.backward(kind, dy, x, weight, statistics, beta, dx);
    }

    @Override
    public void normWeightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        Operands.normWeightBackward(dy, x, statistics, dweight, dbias);
        norms.weightBackward(dy, x, statistics, dweight, dbias);
    }

    @Override
    public void activationForward(Activation f, Tensor x, Tensor y) {
        Operands.sameShape("x", x, "y", y);
        layers.activationForward(f, x, y);
    }

    @Override
    public void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        Operands.sameShape("x", x, "dy", dy);
        Operands.sameShape("x", x, "dx", dx);
        layers.activationBackward(f, x, dy, dx);
    }

    @Override
    public void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        Operands.gatedForward(gate, up, y);
        layers.gatedForward(f, gate, up, y);
    }

    @Override
    public void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        Operands.gatedBackward(gate, up, dy, dgate, dup);
        layers.gatedBackward(f, gate, up, dy, dgate, dup);
    }

    @Override
    public void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        Operands.rotary(x, cosines, sines, positions);
        layers.rotary(x, cosines, sines, positions, interleaved, inverse);
    }

    @Override
    public void causalSoftmax(Tensor scores, AttentionShape shape) {
        Operands.causalSoftmax(scores);
        softmax.causalForward(scores, shape);
    }

    @Override
    public void causalSoftmaxBackward(
            Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        Operands.causalSoftmaxBackward(probabilities, scores, shape, gradients);
        softmax.causalBackward(probabilities, scores, shape, gradients);
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
        softmax.crossEntropy(logits, labels, weights, softCap, losses);
    }

    @Override
    public void sampleLabels(Tensor logits, double softCap, Tensor uniforms, Tensor labels) {
        Operands.sampleLabels(logits, uniforms, labels);
        softmax.sample(logits, softCap, uniforms, labels);
    }

    // ---- decompositions ----

    @Override
    public void eigh(Tensor a, Tensor values, Tensor vectors) {
        Operands.eigh(a, values, vectors);
        decompositions.eigh(List.of(a), List.of(values), List.of(vectors));
    }

    @Override
    public int decompositionsAtOnce() {
        return decompositions.atOnce();
    }

    @Override
    public void eigh(List<Tensor> matrices, List<Tensor> values, List<Tensor> vectors) {
        for (int i = 0; i < matrices.size(); i++) {
            Operands.eigh(matrices.get(i), values.get(i), vectors.get(i));
        }
        decompositions.eigh(matrices, values, vectors);
    }

    @Override
    public void truncatedSvd(Tensor a, Tensor u, Tensor v) {
        Operands.truncatedSvd(a, u, v);
        decompositions.truncatedSvd(a, u, v);
    }

    @Override
    public void batchedTruncatedSvd(Tensor a, Tensor u, Tensor v) {
        Operands.batchedTruncatedSvd(a, u, v);
        decompositions.batchedTruncatedSvd(a, u, v);
    }

    @Override
    public void close() {
        attention.close();
        gramNorms.close();
        products.close();
    }
}
