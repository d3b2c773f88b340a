package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AdamStep;
import dev.wellspring.linalg.AttentionMemory;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.DeviceSpace;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.linalg.Operands;
import dev.wellspring.linalg.Transfer;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The seam on one NVIDIA GPU: products by cuBLAS, eigenvectors by cuSOLVER, everything else by kernels that NVRTC
/// compiles at the start for the device that is found.
///
/// Work goes to one stream and is asynchronous: only downloads, and the small decompositions on the host, wait. An
/// index outside of its table is passed over, and refused at the next download. Offloaded tensors wait in pinned
/// memory and are fetched on a second stream. The same operands give the same bytes.
///
/// BFLOAT16 products have FLOAT32 sums. Attention of BFLOAT16 operands rounds probabilities to BFLOAT16 before they
/// are multiplied.
public final class CudaLinearAlgebra implements LinearAlgebra {
    private final Gpu gpu;
    private final LinearAlgebra host;
    private final DeviceScratch scratch;
    private final IndexCheck indices;
    private final DeviceElements elements;
    private final Offloading offloading;
    private final DeviceProducts products;
    private final DeviceLayers layers;
    private final FusedAttention fused;
    private final FusedNorms norms;
    private final DeviceAttention attention;
    private final DeviceDecompositions decompositions;

    /// @param gpu from now on this backend's
    /// @param host decomposes small matrices; from now on this backend's
    public CudaLinearAlgebra(Gpu gpu, LinearAlgebra host) {
        this(gpu, host, PaddedOperands.Limits.USUAL);
    }

    /// @param padded when products are filled up
    @SuppressWarnings("this-escape") // decompositions keep the reference, and call nothing before they are asked to
    CudaLinearAlgebra(Gpu gpu, LinearAlgebra host, PaddedOperands.Limits padded) {
        this.gpu = gpu;
        this.host = host;
        var kernels = new DeviceKernels(gpu);
        scratch = new DeviceScratch(gpu);
        indices = new IndexCheck(gpu, kernels, scratch);
        elements = new DeviceElements(gpu, kernels, scratch, indices);
        offloading = new Offloading(gpu, elements, host);
        products = new DeviceProducts(gpu, kernels, elements, scratch, padded);
        layers = new DeviceLayers(kernels, indices);
        fused = new FusedAttention(gpu, kernels, scratch);
        norms = new FusedNorms(gpu, kernels, scratch);
        attention = new DeviceAttention(gpu, kernels, layers, scratch, AttentionChunks.Limits.USUAL);
        decompositions = new DeviceDecompositions(this, gpu, elements, host);
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        return gpu.description();
    }

    @Override
    public Optional<DeviceSpace> device() {
        return Optional.of(new DeviceSpace(gpu.totalBytes(), gpu.freeBytes()));
    }

    @Override
    public void finish() {
        gpu.synchronise();
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
        return Tensor.of(gpu.allocate(Offloading.byteSize(type, shape)), type, shape);
    }

    @Override
    public Tensor allocateOffloaded(DType type, long... shape) {
        return offloading.allocate(type, shape);
    }

    @Override
    public void upload(MemorySegment source, DType sourceType, Tensor target) {
        Operands.transfer("source", source.byteSize(), sourceType, target);
        if (Offloading.holds(target)) {
            offloading.upload(source, sourceType, target);
        } else {
            elements.upload(source, sourceType, target);
        }
    }

    @Override
    public void download(Tensor source, MemorySegment target, DType targetType) {
        Operands.transfer("target", target.byteSize(), targetType, source);
        indices.settle();
        if (Offloading.holds(source)) {
            offloading.download(source, target, targetType);
        } else {
            elements.download(source, target, targetType);
        }
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Operands.copy(source, target);
        if (Offloading.holds(source) || Offloading.holds(target)) {
            offloading.copy(source, target);
        } else {
            elements.copy(source, target);
        }
    }

    @Override
    public Transfer copyBeside(Tensor source, Tensor target) {
        Operands.copyBeside(source, target);
        return offloading.copyBeside(source, target);
    }

    @Override
    public void fill(Tensor target, double value) {
        if (Offloading.holds(target)) {
            offloading.fill(target, value);
        } else {
            elements.fill(target, value);
        }
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
    public void rankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        Operands.rankUpdate(x, c);
        products.updateLowerTriangle(alpha, x, beta, c);
        products.mirror(c);
    }

    @Override
    public void lowerRankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        Operands.rankUpdate(x, c);
        products.updateLowerTriangle(alpha, x, beta, c);
    }

    @Override
    public void mirror(Tensor c) {
        Operands.mirror(c);
        products.mirror(c);
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
        List<Tensor> several = Operands.addSquared(x, y);
        if (!several.isEmpty()) {
            elements.addSquared(alpha, several, y);
        }
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
        boolean takes = this.norms.takes(activations, outputGradients, segments);
        if (takes) {
            this.norms.add(activations, outputGradients, segments, norms);
        }
        return takes;
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
        layers.normForward(kind, epsilon, x, weight, bias, y, statistics);
    }

    @Override
    public void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        Operands.normBackward(dy, x, weight, statistics, dx);
        layers.normBackward(kind, dy, x, weight, statistics, beta, dx);
    }

    @Override
    public void normWeightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        Operands.normWeightBackward(dy, x, statistics, dweight, dbias);
        layers.normWeightBackward(dy, x, statistics, dweight, dbias);
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
        layers.causalSoftmax(scores, shape, scores);
    }

    @Override
    public void causalSoftmaxBackward(
            Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        Operands.causalSoftmaxBackward(probabilities, scores, shape, gradients);
        layers.causalSoftmaxBackward(probabilities, scores, shape, gradients, gradients);
    }

    @Override
    public void attentionForward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        Operands.attention(q, k, v, segments, "out", out);
        if (fused.takes(q, k, v, out)) {
            fused.forward(q, k, v, segments, shape, out);
        } else {
            attention.forward(q, k, v, segments, shape, out);
        }
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
        if (fused.takes(q, k, v, dout, dq, dk, dv)) {
            fused.backward(q, k, v, segments, shape, dout, dq, dk, dv);
        } else {
            attention.backward(q, k, v, segments, shape, dout, dq, dk, dv);
        }
    }

    @Override
    public void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        Operands.crossEntropy(logits, labels, weights, losses);
        layers.crossEntropy(logits, labels, weights, softCap, losses);
    }

    @Override
    public void sampleLabels(Tensor logits, double softCap, Tensor uniforms, Tensor labels) {
        Operands.sampleLabels(logits, uniforms, labels);
        layers.sampleLabels(logits, softCap, uniforms, labels);
    }

    /// What attention takes, as an [AttentionMemory].
    public static long attentionBytes(AttentionMemory.Sizes sizes) {
        return DeviceAttention.byteSize(AttentionChunks.Limits.USUAL, sizes);
    }

    // ---- decompositions ----

    @Override
    public void eigh(Tensor a, Tensor values, Tensor vectors) {
        Operands.eigh(a, values, vectors);
        decompositions.eigh(a, values, vectors);
    }

    @Override
    public void truncatedSvd(Tensor a, Tensor u, Tensor v) {
        Operands.truncatedSvd(a, u, v);
        decompositions.batchedTruncatedSvd(a.repeated(1), u.repeated(1), v.repeated(1));
    }

    @Override
    public void batchedTruncatedSvd(Tensor a, Tensor u, Tensor v) {
        Operands.batchedTruncatedSvd(a, u, v);
        decompositions.batchedTruncatedSvd(a, u, v);
    }

    @Override
    public void close() {
        scratch.close();
        host.close();
        gpu.close();
    }
}
