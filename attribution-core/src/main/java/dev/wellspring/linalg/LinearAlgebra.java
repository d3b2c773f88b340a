package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one numeric seam: memory, products, the layers of a decoder forward and backward, reductions and
/// decompositions.
///
/// Rules for every operation, unless it says otherwise:
///
/// - Operands come from this backend's [#allocate] (or are views of such tensors). Floating-point operands of
///   one call may be FLOAT32, FLOAT64 or BFLOAT16 and may differ; arithmetic is at least as precise as the
///   widest operand type and never less than FLOAT32.
/// - Axes are strided freely, but the last axis of an operand has stride 1. Only the inputs of [#gemm],
///   [#batchedGemm] and [#rankUpdate] may also be transposed (last or last-but-one stride 1).
/// - Outputs are written in full, `beta` says what happens to their old value: `out = beta·out + result`, and
///   with beta = 0 the old value is not read, so NaN in it does not spread. Outputs do not overlap inputs
///   unless allowed.
/// - Empty axes are allowed: an empty product is zero.
/// - Shapes are checked by the public operation, which throws [IllegalArgumentException] with name, expected
///   and actual.
/// - The result for one row or document does not depend on which others share the batch. On the reference
///   backend that holds bit for bit. Same operands, same bytes on every backend.
/// - An index outside of its table is refused, by the operation or by the next [#download].
/// - One thread at a time uses an instance. Work may be asynchronous; [#download] waits for it.
public interface LinearAlgebra extends AutoCloseable {

    /// The word the option `--backend` knows it by.
    String name();

    /// One line for people: library, version, device, threads.
    String description();

    /// Whether whole models can be computed in this type.
    boolean computes(DType type);

    /// The memory that tensors live in, when it is not this process'.
    default Optional<DeviceSpace> device() {
        return Optional.empty();
    }

    /// Waits until all that was asked for is done: at once where nothing is done later.
    default void finish() {}

    // ---- memory ----

    /// New zeroed memory, row-major and 64-byte aligned. The caller closes it, or uses a [Workspace].
    Tensor allocate(DType type, long... shape);

    /// Copies `target.elementCount()` row-major little-endian elements of type `sourceType` (any type but INT32
    /// into any floating type, INT32 into INT32) into a tensor of any strides, converting on the way.
    void upload(MemorySegment source, DType sourceType, Tensor target);

    /// The way back: elements in row-major order, converted to `targetType`.
    void download(Tensor source, MemorySegment target, DType targetType);

    /// How several tensors may be downloaded at the same time.
    default RowParallel downloads() {
        return RowParallel.serial();
    }

    /// `target = source`, same shape, any strides (transposed too), converting types.
    void copy(Tensor source, Tensor target);

    /// Every element of `target` becomes `value`.
    void fill(Tensor target, double value);

    /// New zeroed memory, row-major, for what waits until it is needed: in the host's memory, where tensors
    /// live on a device. Only [#upload], [#download], [#copy], [#fill] and [#copyBeside] take such a tensor.
    default Tensor allocateOffloaded(DType type, long... shape) {
        return allocate(type, shape);
    }

    /// `target = source`, beside the computing where the backend can: the copy begins after everything asked for
    /// before, and [Transfer#await] says from where on it has to be done. Until then neither tensor is
    /// written, and the target is not read; both may be closed.
    ///
    /// @param source offloaded, contiguous
    /// @param target not offloaded, contiguous, of the same type and shape
    default Transfer copyBeside(Tensor source, Tensor target) {
        Operands.copyBeside(source, target);
        copy(source, target);
        return Transfer.DONE;
    }

    // ---- products ----

    /// C = α·A·B + β·C with A (m, k), B (k, n), C (m, n). When C is FLOAT64 and the inputs are narrower,
    /// products may be formed in FLOAT32 inside one call, but the addition to C is in FLOAT64.
    void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c);

    /// The same for A (batch, m, k), B (batch, k, n), C (batch, m, n). A stride of 0 on the batch axis repeats
    /// an operand.
    void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c);

    /// C = α·XᵀX + β·C with X (R, n), C (n, n), both triangles written and exactly symmetric. Types as for [#gemm].
    void rankUpdate(double alpha, Tensor x, double beta, Tensor c);

    /// [#rankUpdate] of a sum that is added to many times: only the triangle below the diagonal, and the diagonal,
    /// have to be right afterwards, until [#mirror].
    default void lowerRankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        rankUpdate(alpha, x, beta, c);
    }

    /// Copies the triangle below the diagonal of C (n, n) over the one above.
    void mirror(Tensor c);

    /// C = Σ_d (A_d·B_d)² + C, squares element by element, with A (D, m, k), B (D, k, n), C (m, n), where this
    /// backend never has to write A_d·B_d; else false, and nothing is done.
    default boolean addSquaredProducts(Tensor a, Tensor b, Tensor c) {
        Operands.addSquaredProducts(a, b, c);
        return false;
    }

    // ---- elements and reductions ----

    /// y = α·x + y. `x` has y's shape, or is one row (n) that is added to every row of y (R, n).
    void add(double alpha, Tensor x, Tensor y);

    /// y = x·factor, element by element with a constant; x may be y.
    void scale(double factor, Tensor x, Tensor y);

    /// y = y + α·x²; the sum is in y's type. `x` has y's shape, or is several of that shape, (N, …), whose
    /// squares are added one after the other.
    void addSquared(double alpha, Tensor x, Tensor y);

    /// y = x / (λ + damping), element by element; `lambda` has x's shape; y may be x.
    void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y);

    /// out[s] = β·out[s] + Σ of x's rows start(s) to end(s), with x (R, n) and out (segments.count(), n).
    void segmentSum(Tensor x, Segments segments, double beta, Tensor out);

    /// out[t, q] = β·out[t, q] + Σ_j x[t, q, j]·y[t, q, j] with x and y (R, Q, r) and out (R, Q).
    void rowDot(Tensor x, Tensor y, double beta, Tensor out);

    /// out (one element) = β·out + Σ x·y over all elements of two tensors of one shape.
    void dot(Tensor x, Tensor y, double beta, Tensor out);

    /// out[i] = β·out[i] + table[indices[i]] with table (V, n), indices INT32 (R), out (R, n).
    void gather(Tensor table, Tensor indices, double beta, Tensor out);

    /// table[indices[i]] += α·x[i], row after row, so that rows of one index add up: the backward pass of [#gather].
    /// A narrow table is rounded after each row.
    ///
    /// @param x (R, n)
    /// @param indices INT32 (R)
    /// @param table (V, n), added to
    void scatterAdd(double alpha, Tensor x, Tensor indices, Tensor table);

    /// One step of AdamW (arXiv 1711.05101, algorithm 2), element by element; all four tensors have one shape.
    ///
    /// @param gradient ∂loss/∂weight, before [AdamStep#gradientScale]
    /// @param mean the running mean of gradients, updated
    /// @param square the running mean of their squares, updated
    /// @param weight updated
    void adam(AdamStep step, Tensor gradient, Tensor mean, Tensor square, Tensor weight);

    /// norms[d] += ‖Σ_t g_t a_tᵀ‖² over the rows t of document d, where this backend has a way that takes
    /// fewer steps than forming (g_s·g_t) and (a_s·a_t) for all s and t; else false, and nothing is done.
    ///
    /// @param activations a, (R, in)
    /// @param outputGradients g, (R, out)
    /// @param norms (D, 1), FLOAT64
    default boolean addGradientNorms(Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        Operands.addGradientNorms(activations, outputGradients, segments, norms);
        return false;
    }

    // ---- layers ----

    /// y = normalise(x)·weight + bias over the last axis.
    ///
    /// @param x (R, n) or (R, H, n)
    /// @param weight (n), or (H, n) with its own weights for each head; null means ones
    /// @param bias (n), or null
    /// @param y x's shape
    /// @param statistics (R, 2) or (R, H, 2): mean (0 for RMS) and 1/√(… + ε), for the backward pass
    void normForward(
            NormKind kind,
            double epsilon,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor y,
            Tensor statistics);

    /// dx = β·dx + ∂loss/∂x, from dy = ∂loss/∂y and the forward pass' input and statistics. dx may be dy when β = 0.
    void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx);

    /// Gradients of a norm's weight and bias, added to the old values: dweight += Σ dy·x̂ and dbias += Σ dy over the
    /// rows, with x̂ = (x − mean)·inverse from the forward pass' input and statistics.
    ///
    /// @param x (R, n) or (R, H, n)
    /// @param dweight (n), the sum over all heads, or (H, n)
    /// @param dbias (n), or null
    void normWeightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias);

    /// y = f(x); y may be x.
    void activationForward(Activation f, Tensor x, Tensor y);

    /// dx = dy·f′(x); dx may be dy.
    void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx);

    /// y = f(gate)·up.
    void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y);

    /// dgate = dy·up·f′(gate), dup = dy·f(gate); dgate may be gate and dup may be up.
    void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup);

    /// Rotates pairs of each head's first 2·m numbers in place by the row's angles: (x₁, x₂) becomes (x₁cos −
    /// x₂sin, x₂cos + x₁sin). Pairs are (j, j + m), or (2j, 2j + 1) when `interleaved`. The inverse rotation is
    /// the backward pass.
    ///
    /// @param x (R, H, d), d ≥ 2m
    /// @param cosines (positions, m)
    /// @param sines (positions, m)
    /// @param positions INT32 (R)
    void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse);

    /// Softmax over each row's visible columns, in place; the others become exactly 0. Row i sees columns j ≤ i with
    /// i − j < window (window 0: all j ≤ i). The soft cap comes first.
    ///
    /// @param scores (B, T, T), already scaled
    void causalSoftmax(Tensor scores, AttentionShape shape);

    /// From ∂loss/∂probabilities to ∂loss/∂scores of [#causalSoftmax], in place: dscores = p∘(dp − Σ dp·p), times
    /// 1 − tanh²(scores/softCap) under a soft cap; columns a row does not see become exactly 0.
    ///
    /// @param probabilities (B, T, T), what the forward operation left
    /// @param scores (B, T, T), what it was given; only read, and only needed, under a soft cap
    /// @param gradients (B, T, T), ∂loss/∂probabilities, overwritten
    void causalSoftmaxBackward(Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients);

    /// Causal self-attention within each document: out_i = Σ_j softmax_j(scale·q_i·k_j)·v_j. Query head h reads
    /// key and value head h / (H / K).
    ///
    /// @param q (R, H, d)
    /// @param k (R, K, d), H a multiple of K
    /// @param v (R, K, d)
    /// @param out (R, H, d)
    void attentionForward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out);

    /// Gradients of the same, recomputing the probabilities. dq, dk, dv are overwritten; they may not overlap
    /// q, k, v.
    void attentionBackward(
            Tensor q,
            Tensor k,
            Tensor v,
            Segments segments,
            AttentionShape shape,
            Tensor dout,
            Tensor dq,
            Tensor dk,
            Tensor dv);

    /// Row losses −weight·ln softmax(z)[label] in nats, and ∂loss/∂logits in place of the logits, where
    /// z = softCap·tanh(logits/softCap) (softCap 0: z = logits).
    ///
    /// @param logits (R, V), overwritten with the gradient
    /// @param labels INT32 (R)
    /// @param weights FLOAT64 (R); 0 leaves a row out
    /// @param losses FLOAT64 (R)
    void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses);

    /// Draws labels[i] from softmax(z_i): the first v whose cumulated probability exceeds uniforms[i].
    ///
    /// @param logits (R, V), kept
    /// @param uniforms FLOAT64 (R), each in [0, 1)
    /// @param labels INT32 (R)
    void sampleLabels(Tensor logits, double softCap, Tensor uniforms, Tensor labels);

    /// The type in which to hold what rows of a model in a given type are multiplied with time and again, and
    /// these rows once they are rotated: for BFLOAT16 models FLOAT32, unless products of BFLOAT16 are faster here.
    default DType operandType(DType model) {
        return model.sumType();
    }

    // ---- decompositions ----

    /// A = V·diag(w)·Vᵀ for a symmetric FLOAT64 A (n, n): eigenvalues rising in `values` (n), eigenvectors in
    /// the columns of `vectors` (n, n). Only the lower triangle of A is read; A is kept. Residual ‖AV −
    /// V·diag(w)‖ ≤ 1e-12·‖A‖.
    void eigh(Tensor a, Tensor values, Tensor vectors);

    /// How many decompositions [#eigh] works on at the same time: a multiple of it leaves no thread idle.
    default int decompositionsAtOnce() {
        return 1;
    }

    /// Several times [#eigh], which may run at the same time: what each needs is in memory at once.
    ///
    /// @param values one for each matrix
    /// @param vectors one for each matrix
    default void eigh(List<Tensor> matrices, List<Tensor> values, List<Tensor> vectors) {
        for (int i = 0; i < matrices.size(); i++) {
            eigh(matrices.get(i), values.get(i), vectors.get(i));
        }
    }

    /// The best rank-r approximation A ≈ U·Vᵀ (Frobenius), with U (m, r) = left singular vectors times singular
    /// values and V (n, r) the right ones, in falling order; r ≤ min(m, n). Of a FLOAT32 matrix the approximation
    /// may miss up to 1e-6 of the squared norm that the best one holds.
    void truncatedSvd(Tensor a, Tensor u, Tensor v);

    /// [#truncatedSvd] of every matrix of a batch; they may be decomposed at the same time.
    ///
    /// @param a (B, m, n)
    /// @param u (B, m, r)
    /// @param v (B, n, r)
    default void batchedTruncatedSvd(Tensor a, Tensor u, Tensor v) {
        Operands.batchedTruncatedSvd(a, u, v);
        for (long i = 0; i < a.size(0); i++) {
            truncatedSvd(a.select(0, i), u.select(0, i), v.select(0, i));
        }
    }

    /// Releases what the backend itself holds; tensors are closed by their owners.
    @Override
    void close();
}
