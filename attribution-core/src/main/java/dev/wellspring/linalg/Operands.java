package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// What every backend checks before it computes: shapes, element types and strides of the operands of each
/// operation of [LinearAlgebra]. All methods throw [IllegalArgumentException] with name, expected and actual.
public final class Operands {
    private Operands() {}

    // ---- one tensor ----

    /// A floating-point tensor of this shape (−1: any size) whose last axis has stride 1.
    public static void floating(String name, Tensor tensor, long... shape) {
        tensor.require(name, shape);
        requireFloating(name, tensor);
        if (!hasUnitStride(tensor, tensor.rank() - 1)) {
            throw new IllegalArgumentException(
                    name + ": expected a last axis of stride 1, got stride " + tensor.stride(tensor.rank() - 1));
        }
    }

    /// A floating-point tensor of this shape whose last or last-but-one axis has stride 1.
    public static void floatingOrTransposed(String name, Tensor tensor, long... shape) {
        tensor.require(name, shape);
        requireFloating(name, tensor);
        int last = tensor.rank() - 1;
        if (!hasUnitStride(tensor, last) && !hasUnitStride(tensor, last - 1)) {
            throw new IllegalArgumentException(name + ": expected stride 1 on one of the last two axes, got strides "
                    + tensor.stride(last - 1) + " and " + tensor.stride(last));
        }
    }

    /// A tensor of exactly this type and shape whose last axis has stride 1.
    public static void typed(String name, Tensor tensor, DType type, long... shape) {
        tensor.require(name, shape);
        if (tensor.type() != type) {
            throw new IllegalArgumentException(name + ": expected " + type + ", got " + tensor.type());
        }
        if (!hasUnitStride(tensor, tensor.rank() - 1)) {
            throw new IllegalArgumentException(
                    name + ": expected a last axis of stride 1, got stride " + tensor.stride(tensor.rank() - 1));
        }
    }

    private static void requireFloating(String name, Tensor tensor) {
        if (tensor.type() == DType.INT32 || tensor.type() == DType.FLOAT16) {
            throw new IllegalArgumentException(name + ": expected FLOAT32, FLOAT64 or BFLOAT16, got " + tensor.type());
        }
    }

    private static boolean hasUnitStride(Tensor tensor, int axis) {
        return axis < 0 || tensor.size(axis) == 1 || tensor.stride(axis) == 1 || tensor.elementCount() == 0;
    }

    private static void oneElement(String name, Tensor tensor) {
        if (tensor.elementCount() != 1) {
            throw new IllegalArgumentException(
                    name + ": expected one element, got shape " + Arrays.toString(tensor.shape()));
        }
    }

    // ---- memory ----

    /// [LinearAlgebra#upload] and [LinearAlgebra#download]: integers only to and from integers, and enough bytes.
    ///
    /// @param name of the host memory
    /// @param byteSize of the host memory
    public static void transfer(String name, long byteSize, DType type, Tensor tensor) {
        if ((type == DType.INT32) != (tensor.type() == DType.INT32)) {
            throw new IllegalArgumentException(
                    name + ": expected a type that converts to and from " + tensor.type() + ", got " + type);
        }
        long needed = tensor.elementCount() * type.byteSize();
        if (byteSize < needed) {
            throw new IllegalArgumentException(name + ": expected at least " + needed + " bytes for "
                    + tensor.elementCount() + " elements of " + type + ", got " + byteSize);
        }
    }

    /// [LinearAlgebra#copy].
    public static void copy(Tensor source, Tensor target) {
        target.require("target", source.shape());
        if ((source.type() == DType.INT32) != (target.type() == DType.INT32)) {
            throw new IllegalArgumentException(
                    "target: expected a type that converts from " + source.type() + ", got " + target.type());
        }
    }

    /// [LinearAlgebra#copyBeside]: bytes as they lie.
    public static void copyBeside(Tensor source, Tensor target) {
        target.require("target", source.shape());
        if (source.type() != target.type() || !source.isContiguous() || !target.isContiguous()) {
            throw new IllegalArgumentException(
                    "target: expected one type and no gaps on both sides, got " + source + " into " + target);
        }
    }

    // ---- products ----

    /// [LinearAlgebra#gemm].
    public static void gemm(Tensor a, Tensor b, Tensor c) {
        floatingOrTransposed("a", a, -1, -1);
        floatingOrTransposed("b", b, a.size(1), -1);
        floating("c", c, a.size(0), b.size(1));
    }

    /// [LinearAlgebra#batchedGemm].
    public static void batchedGemm(Tensor a, Tensor b, Tensor c) {
        floatingOrTransposed("a", a, -1, -1, -1);
        floatingOrTransposed("b", b, a.size(0), a.size(2), -1);
        floating("c", c, a.size(0), a.size(1), b.size(2));
    }

    /// [LinearAlgebra#addSquaredProducts].
    public static void addSquaredProducts(Tensor a, Tensor b, Tensor c) {
        floatingOrTransposed("a", a, -1, -1, -1);
        floatingOrTransposed("b", b, a.size(0), a.size(2), -1);
        floating("c", c, a.size(1), b.size(2));
    }

    /// [LinearAlgebra#rankUpdate].
    public static void rankUpdate(Tensor x, Tensor c) {
        floatingOrTransposed("x", x, -1, -1);
        floating("c", c, x.size(1), x.size(1));
    }

    /// [LinearAlgebra#mirror].
    public static void mirror(Tensor c) {
        floating("c", c, -1, -1);
        floating("c", c, c.size(0), c.size(0));
    }

    // ---- elements and reductions ----

    /// [LinearAlgebra#add].
    public static void add(Tensor x, Tensor y) {
        floating("y", y, y.shape());
        if (x.rank() == 1 && y.rank() == 2) {
            floating("x", x, y.size(1));
        } else {
            floating("x", x, y.shape());
        }
    }

    /// Two tensors of one shape, by the names they have in the operation.
    public static void sameShape(String firstName, Tensor first, String secondName, Tensor second) {
        floating(firstName, first, first.shape());
        floating(secondName, second, first.shape());
    }

    /// [LinearAlgebra#addSquared].
    ///
    /// @return what has y's shape, to be squared and added one after the other
    public static List<Tensor> addSquared(Tensor x, Tensor y) {
        List<Tensor> several = x.rank() == y.rank() + 1
                ? LongStream.range(0, x.size(0)).mapToObj(i -> x.select(0, i)).toList()
                : List.of(x);
        sameShape("x", several.isEmpty() ? y : several.getFirst(), "y", y);
        return several;
    }

    /// [LinearAlgebra#segmentSum].
    public static void segmentSum(Tensor x, Segments segments, Tensor out) {
        floating("x", x, segments.rows(), -1);
        floating("out", out, segments.count(), x.size(1));
    }

    /// [LinearAlgebra#rowDot].
    public static void rowDot(Tensor x, Tensor y, Tensor out) {
        floating("x", x, -1, -1, -1);
        floating("y", y, x.shape());
        floating("out", out, x.size(0), x.size(1));
    }

    /// [LinearAlgebra#addGradientNorms].
    public static void addGradientNorms(Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        floating("activations", activations, segments.rows(), -1);
        floating("outputGradients", outputGradients, segments.rows(), -1);
        typed("norms", norms, DType.FLOAT64, segments.count(), 1);
    }

    /// [LinearAlgebra#dot].
    public static void dot(Tensor x, Tensor y, Tensor out) {
        sameShape("x", x, "y", y);
        oneElement("out", out);
        requireFloating("out", out);
    }

    /// [LinearAlgebra#gather].
    public static void gather(Tensor table, Tensor indices, Tensor out) {
        floating("table", table, -1, -1);
        typed("indices", indices, DType.INT32, -1);
        floating("out", out, indices.size(0), table.size(1));
    }

    /// [LinearAlgebra#scatterAdd].
    public static void scatterAdd(Tensor x, Tensor indices, Tensor table) {
        floating("x", x, -1, -1);
        typed("indices", indices, DType.INT32, x.size(0));
        floating("table", table, -1, x.size(1));
    }

    /// [LinearAlgebra#adam].
    public static void adam(Tensor gradient, Tensor mean, Tensor square, Tensor weight) {
        sameShape("gradient", gradient, "mean", mean);
        floating("square", square, gradient.shape());
        floating("weight", weight, gradient.shape());
    }

    // ---- layers ----

    /// [LinearAlgebra#normForward].
    public static void normForward(
            Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, Tensor y, Tensor statistics) {
        norm(x, weight, statistics);
        if (bias != null) {
            floating("bias", bias, x.size(x.rank() - 1));
        }
        floating("y", y, x.shape());
    }

    /// [LinearAlgebra#normBackward].
    public static void normBackward(Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, Tensor dx) {
        norm(x, weight, statistics);
        floating("dy", dy, x.shape());
        floating("dx", dx, x.shape());
    }

    /// [LinearAlgebra#normWeightBackward].
    public static void normWeightBackward(
            Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        norm(x, dweight, statistics);
        floating("dy", dy, x.shape());
        if (dbias != null) {
            floating("dbias", dbias, x.size(x.rank() - 1));
        }
    }

    private static void norm(Tensor x, @Nullable Tensor weight, Tensor statistics) {
        if (x.rank() == 3) {
            floating("x", x, -1, -1, -1);
            floating("statistics", statistics, x.size(0), x.size(1), 2);
        } else {
            floating("x", x, -1, -1);
            floating("statistics", statistics, x.size(0), 2);
        }
        if (weight != null && weight.rank() == 2 && x.rank() == 3) {
            floating("weight", weight, x.size(1), x.size(2));
        } else if (weight != null) {
            floating("weight", weight, x.size(x.rank() - 1));
        }
    }

    /// [LinearAlgebra#gatedForward].
    public static void gatedForward(Tensor gate, Tensor up, Tensor y) {
        sameShape("gate", gate, "up", up);
        floating("y", y, gate.shape());
    }

    /// [LinearAlgebra#gatedBackward].
    public static void gatedBackward(Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        sameShape("gate", gate, "up", up);
        floating("dy", dy, gate.shape());
        floating("dgate", dgate, gate.shape());
        floating("dup", dup, gate.shape());
    }

    /// [LinearAlgebra#rotary].
    public static void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions) {
        floating("x", x, -1, -1, -1);
        floating("cosines", cosines, -1, -1);
        floating("sines", sines, cosines.shape());
        typed("positions", positions, DType.INT32, x.size(0));
        if (2 * cosines.size(1) > x.size(2)) {
            throw new IllegalArgumentException("cosines: expected at most " + x.size(2) / 2
                    + " angles for heads of width " + x.size(2) + ", got " + cosines.size(1));
        }
    }

    // ---- attention ----

    /// [LinearAlgebra#causalSoftmax].
    public static void causalSoftmax(Tensor scores) {
        square("scores", scores);
    }

    /// [LinearAlgebra#causalSoftmaxBackward].
    public static void causalSoftmaxBackward(
            Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        square("probabilities", probabilities);
        floating("gradients", gradients, probabilities.shape());
        if (scores != null) {
            floating("scores", scores, probabilities.shape());
        } else if (shape.softCap() != 0) {
            throw new IllegalArgumentException(
                    "scores: expected the forward pass' scores under a soft cap of " + shape.softCap() + ", got null");
        }
    }

    /// [LinearAlgebra#attentionForward]; `out` may also be named for the backward pass.
    public static void attention(Tensor q, Tensor k, Tensor v, Segments segments, String outName, Tensor out) {
        floating("q", q, segments.rows(), -1, -1);
        floating("k", k, segments.rows(), -1, q.size(2));
        floating("v", v, k.shape());
        floating(outName, out, q.shape());
        boolean shared = k.size(1) == 0 ? q.size(1) == 0 : q.size(1) >= k.size(1) && q.size(1) % k.size(1) == 0;
        if (!shared) {
            throw new IllegalArgumentException(
                    "q: expected a multiple of the " + k.size(1) + " key and value heads, got " + q.size(1) + " heads");
        }
    }

    /// [LinearAlgebra#attentionBackward].
    public static void attentionBackward(
            Tensor q, Tensor k, Tensor v, Segments segments, Tensor dout, Tensor dq, Tensor dk, Tensor dv) {
        attention(q, k, v, segments, "dout", dout);
        floating("dq", dq, q.shape());
        floating("dk", dk, k.shape());
        floating("dv", dv, v.shape());
    }

    private static void square(String name, Tensor tensor) {
        floating(name, tensor, -1, -1, -1);
        floating(name, tensor, tensor.size(0), tensor.size(1), tensor.size(1));
    }

    // ---- losses ----

    /// [LinearAlgebra#crossEntropy].
    public static void crossEntropy(Tensor logits, Tensor labels, Tensor weights, Tensor losses) {
        floating("logits", logits, -1, -1);
        typed("labels", labels, DType.INT32, logits.size(0));
        typed("weights", weights, DType.FLOAT64, logits.size(0));
        typed("losses", losses, DType.FLOAT64, logits.size(0));
    }

    /// [LinearAlgebra#sampleLabels].
    public static void sampleLabels(Tensor logits, Tensor uniforms, Tensor labels) {
        floating("logits", logits, -1, -1);
        typed("uniforms", uniforms, DType.FLOAT64, logits.size(0));
        typed("labels", labels, DType.INT32, logits.size(0));
    }

    // ---- decompositions ----

    /// [LinearAlgebra#eigh].
    public static void eigh(Tensor a, Tensor values, Tensor vectors) {
        typed("a", a, DType.FLOAT64, -1, -1);
        typed("a", a, DType.FLOAT64, a.size(0), a.size(0));
        typed("values", values, DType.FLOAT64, a.size(0));
        typed("vectors", vectors, DType.FLOAT64, a.shape());
    }

    /// [LinearAlgebra#truncatedSvd].
    public static void truncatedSvd(Tensor a, Tensor u, Tensor v) {
        floating("a", a, -1, -1);
        floating("u", u, a.size(0), -1);
        floating("v", v, a.size(1), u.size(1));
        requireRank(a.size(0), a.size(1), u.size(1));
    }

    /// [LinearAlgebra#batchedTruncatedSvd].
    public static void batchedTruncatedSvd(Tensor a, Tensor u, Tensor v) {
        floating("a", a, -1, -1, -1);
        floating("u", u, a.size(0), a.size(1), -1);
        floating("v", v, a.size(0), a.size(2), u.size(2));
        requireRank(a.size(1), a.size(2), u.size(2));
    }

    private static void requireRank(long rows, long columns, long rank) {
        if (rank > Math.min(rows, columns)) {
            throw new IllegalArgumentException(
                    "u: expected a rank of at most " + Math.min(rows, columns) + ", got " + rank);
        }
    }
}
