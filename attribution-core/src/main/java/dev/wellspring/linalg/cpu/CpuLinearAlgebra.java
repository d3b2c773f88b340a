package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.DotProductKernels;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.linalg.Operands;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.host.HostLinearAlgebra;
import dev.wellspring.linalg.host.TileSum;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The seam at the speed of a processor: products and decompositions by OpenBLAS, called without a layer
/// between, and FLOAT32 rows in vector instructions, in a JVM that has them. Other types, and layouts without
/// neighbours side by side, go to the row loops of [HostLinearAlgebra].
///
/// BFLOAT16 products are oneDNN's where the processor has them, and most of FLOAT32's where it has AVX-512
/// ([CpuProduct]). Without them BFLOAT16 matrices are widened before a product,
/// which costs little beside it, and models in bfloat16 take half the memory at the speed of float32. BFLOAT16 rows
/// are widened piece by piece for the kernels of FLOAT32.
///
/// Kernels work on addresses: closing a tensor while one runs on it is as fatal as it is in a call of BLAS.
public final class CpuLinearAlgebra extends HostLinearAlgebra {
    private final CpuProduct product;
    private final String oneDnn;
    private final String vectorBits;
    private final @Nullable VectorOperations vectors;

    /// Loads OpenBLAS, which the first time on a machine unpacks 40 MB.
    ///
    /// @param parallel spreads rows, and pieces of products, over threads
    /// @throws UnsatisfiedLinkError when there is no OpenBLAS for this machine, or it does not load
    public CpuLinearAlgebra(RowParallel parallel) {
        this(new OpenBlas(), FoundOneDnn.find(), parallel, DotProductKernels.lackForVectors());
    }

    /// @param lack why there are no vector instructions, if there are none
    private CpuLinearAlgebra(OpenBlas blas, FoundOneDnn found, RowParallel parallel, Optional<String> lack) {
        var multiply = new CpuProduct(blas, found.library());
        super(multiply, lack.isPresent() ? TileSum::byRows : VectorElements::addTile, blas, parallel);
        product = multiply;
        oneDnn = found.what();
        vectors = lack.isPresent() ? null : VectorOperations.over(parallel);
        vectorBits = vectors == null
                ? "no vector instructions: " + lack.orElseThrow()
                : vectors.registerBits() + "-bit vector instructions";
    }

    /// A backend whose rows all go through the slow twin.
    static CpuLinearAlgebra withoutVectors(RowParallel parallel) {
        return new CpuLinearAlgebra(new OpenBlas(), FoundOneDnn.find(), parallel, Optional.of("not asked for"));
    }

    /// Whether the class path holds OpenBLAS for this machine.
    public static boolean isOnClassPath() {
        return OpenBlas.LIBRARY.isOnClassPath();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return product.blas().config() + "; " + oneDnn + "; " + vectorBits;
    }

    @Override
    public boolean computes(DType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, BFLOAT16 -> true;
            case FLOAT16, INT32 -> false;
        };
    }

    @Override
    public DType operandType(DType model) {
        return model == DType.BFLOAT16 && product.takesBfloat16() ? model : model.sumType();
    }

    // ---- memory ----

    @Override
    public void upload(MemorySegment source, DType sourceType, Tensor target) {
        Operands.transfer("source", source.byteSize(), sourceType, target);
        if (vectors == null || !source.isNative() || !upload(vectors, source, sourceType, target)) {
            super.upload(source, sourceType, target);
        }
    }

    /// Several threads may read the source, whomever it belongs to, since they do so by its address.
    private static boolean upload(VectorOperations vectors, MemorySegment source, DType sourceType, Tensor target) {
        if (sourceType == target.type() && target.isContiguous()) {
            if (source.asOverlappingSlice(target.segment()).isPresent()) {
                return false;
            }
            vectors.copies().bytes(source, target);
            return true;
        }
        HostMemory memory = HostMemory.of(source, Arena.global());
        return vectors.copy(Tensor.of(memory, sourceType, target.shape()), target);
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Operands.copy(source, target);
        if (vectors == null || !vectors.copy(source, target)) {
            super.copy(source, target);
        }
    }

    // ---- elements and reductions ----

    @Override
    public void add(double alpha, Tensor x, Tensor y) {
        Operands.add(x, y);
        if (vectors == null || !vectors.elements().add(alpha, x, y)) {
            super.add(alpha, x, y);
        }
    }

    @Override
    public void scale(double factor, Tensor x, Tensor y) {
        Operands.sameShape("x", x, "y", y);
        if (vectors == null || !vectors.elements().scale(factor, x, y)) {
            super.scale(factor, x, y);
        }
    }

    @Override
    public void addSquared(double alpha, Tensor x, Tensor y) {
        for (Tensor one : Operands.addSquared(x, y)) {
            if (vectors == null || !vectors.elements().addSquared(alpha, one, y)) {
                super.addSquared(alpha, one, y);
            }
        }
    }

    @Override
    public void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        Operands.sameShape("x", x, "lambda", lambda);
        Operands.sameShape("x", x, "y", y);
        if (vectors == null || !vectors.elements().divideDamped(x, lambda, damping, y)) {
            super.divideDamped(x, lambda, damping, y);
        }
    }

    @Override
    public void segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        Operands.segmentSum(x, segments, out);
        if (vectors == null || !vectors.sums().segmentSum(x, segments, beta, out)) {
            super.segmentSum(x, segments, beta, out);
        }
    }

    @Override
    public void rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        Operands.rowDot(x, y, out);
        if (vectors == null || !vectors.sums().rowDot(x, y, beta, out)) {
            super.rowDot(x, y, beta, out);
        }
    }

    @Override
    public void dot(Tensor x, Tensor y, double beta, Tensor out) {
        Operands.dot(x, y, out);
        if (vectors == null || !vectors.sums().dot(x, y, beta, out)) {
            super.dot(x, y, beta, out);
        }
    }

    @Override
    public void gather(Tensor table, Tensor indices, double beta, Tensor out) {
        Operands.gather(table, indices, out);
        if (vectors == null || !vectors.copies().gather(table, indices, beta, out)) {
            super.gather(table, indices, beta, out);
        }
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
        if (vectors == null || !vectors.norms().forward(kind, epsilon, x, weight, bias, y, statistics)) {
            super.normForward(kind, epsilon, x, weight, bias, y, statistics);
        }
    }

    @Override
    public void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        Operands.normBackward(dy, x, weight, statistics, dx);
        if (vectors == null || !vectors.norms().backward(kind, dy, x, weight, statistics, beta, dx)) {
            super.normBackward(kind, dy, x, weight, statistics, beta, dx);
        }
    }

    @Override
    public void activationForward(Activation f, Tensor x, Tensor y) {
        Operands.sameShape("x", x, "y", y);
        if (vectors == null || !vectors.layers().activationForward(f, x, y)) {
            super.activationForward(f, x, y);
        }
    }

    @Override
    public void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        Operands.sameShape("x", x, "dy", dy);
        Operands.sameShape("x", x, "dx", dx);
        if (vectors == null || !vectors.layers().activationBackward(f, x, dy, dx)) {
            super.activationBackward(f, x, dy, dx);
        }
    }

    @Override
    public void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        Operands.gatedForward(gate, up, y);
        if (vectors == null || !vectors.layers().gatedForward(f, gate, up, y)) {
            super.gatedForward(f, gate, up, y);
        }
    }

    @Override
    public void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        Operands.gatedBackward(gate, up, dy, dgate, dup);
        if (vectors == null || !vectors.layers().gatedBackward(f, gate, up, dy, dgate, dup)) {
            super.gatedBackward(f, gate, up, dy, dgate, dup);
        }
    }

    @Override
    public void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        Operands.rotary(x, cosines, sines, positions);
        if (vectors == null || !vectors.layers().rotary(x, cosines, sines, positions, interleaved, inverse)) {
            super.rotary(x, cosines, sines, positions, interleaved, inverse);
        }
    }

    @Override
    public void causalSoftmax(Tensor scores, AttentionShape shape) {
        Operands.causalSoftmax(scores);
        if (vectors == null || !vectors.softmax().causalForward(scores, shape)) {
            super.causalSoftmax(scores, shape);
        }
    }

    @Override
    public void causalSoftmaxBackward(
            Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        Operands.causalSoftmaxBackward(probabilities, scores, shape, gradients);
        if (vectors == null || !vectors.softmax().causalBackward(probabilities, shape, gradients)) {
            super.causalSoftmaxBackward(probabilities, scores, shape, gradients);
        }
    }

    @Override
    public void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        Operands.crossEntropy(logits, labels, weights, losses);
        if (vectors == null || !vectors.softmax().crossEntropy(logits, labels, weights, softCap, losses)) {
            super.crossEntropy(logits, labels, weights, softCap, losses);
        }
    }

    @Override
    public void close() {
        super.close();
        product.close();
    }

    /// What oneDNN does here, and why it does not do more.
    ///
    /// @param library null where it has nothing to do
    private record FoundOneDnn(@Nullable OneDnn library, String what) {
        private static final String WIDENED = "bfloat16 widened to float32 (";

        static FoundOneDnn find() {
            if (OneDnn.isRefused()) {
                return nothing(OneDnn.SWITCH + " is off");
            }
            if (!OneDnn.LIBRARY.isOnClassPath()) {
                return nothing("no oneDNN for this machine");
            }
            try {
                return with(new OneDnn());
            } catch (LinkageError failure) {
                return nothing(String.valueOf(failure.getMessage()));
            }
        }

        private static FoundOneDnn with(OneDnn library) {
            String float32 = "float32 by oneDNN where it is faster";
            if (library.hasBfloat16()) {
                return new FoundOneDnn(library, "bfloat16 by oneDNN; " + float32);
            }
            String reason = "the processor has neither AMX nor AVX512-BF16";
            if (library.hasAvx512()) {
                return new FoundOneDnn(library, WIDENED + reason + "); " + float32);
            }
            library.close();
            return nothing(reason);
        }

        private static FoundOneDnn nothing(String reason) {
            return new FoundOneDnn(null, WIDENED + reason + ")");
        }
    }
}
