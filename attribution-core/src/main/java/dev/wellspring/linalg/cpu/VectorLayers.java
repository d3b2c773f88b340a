package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.first;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.store;

import dev.wellspring.linalg.Activation;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Activations, gates and rotary embeddings of FLOAT32 and BFLOAT16 in FLOAT32. Each operation says whether it
/// took its operands; what it does not take is left as it was.
final class VectorLayers {
    /// Elements between an activation and what multiplies it, which stay in the first-level cache.
    private static final int BLOCK = 1024;

    private final Spread spread;

    VectorLayers(Spread spread) {
        this.spread = spread;
    }

    boolean activationForward(Activation f, Tensor x, Tensor y) {
        if (!Lines.areNarrow(x, y)) {
            return false;
        }
        spread.map((at, n) -> VectorActivations.value(f, at[0], at[1], n), x, y);
        return true;
    }

    boolean activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        if (!Lines.areNarrow(x, dy, dx)) {
            return false;
        }
        spread.mapWith(
                1,
                () -> {
                    var scratch = new Scratch();
                    return (at, n) -> {
                        for (int i = 0; i < n; i += BLOCK) {
                            int size = Math.min(BLOCK, n - i);
                            VectorActivations.both(f, at[0] + 4L * i, scratch.values, scratch.slopes, size);
                            times(scratch.slopes, at[1] + 4L * i, at[2] + 4L * i, size);
                        }
                    };
                },
                x,
                dy,
                dx);
        return true;
    }

    boolean gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        if (!Lines.areNarrow(gate, up, y)) {
            return false;
        }
        spread.map(
                (at, n) -> {
                    for (int i = 0; i < n; i += BLOCK) {
                        int size = Math.min(BLOCK, n - i);
                        VectorActivations.value(f, at[0] + 4L * i, at[2] + 4L * i, size);
                        times(at[1] + 4L * i, at[2] + 4L * i, size);
                    }
                },
                gate,
                up,
                y);
        return true;
    }

    boolean gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        if (!Lines.areNarrow(gate, up, dy, dgate, dup)) {
            return false;
        }
        spread.mapWith(
                2,
                () -> {
                    var scratch = new Scratch();
                    return (at, n) -> {
                        for (int i = 0; i < n; i += BLOCK) {
                            int size = Math.min(BLOCK, n - i);
                            VectorActivations.both(f, at[0] + 4L * i, scratch.values, scratch.slopes, size);
                            gate(scratch, at[1] + 4L * i, at[2] + 4L * i, at[3] + 4L * i, at[4] + 4L * i, size);
                        }
                    };
                },
                gate,
                up,
                dy,
                dgate,
                dup);
        return true;
    }

    /// f(x) and f′(x) of one block.
    private static final class Scratch {
        private final float[] values = new float[BLOCK + LANES];
        private final float[] slopes = new float[BLOCK + LANES];
    }

    /// y = x·factors.
    private static void times(float[] factors, long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).mul(FloatVector.fromArray(Vectors.FLOATS, factors, i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).mul(FloatVector.fromArray(Vectors.FLOATS, factors, i)), y + 4L * i, rest);
        }
    }

    /// y = x·y.
    private static void times(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).mul(load(y + 4L * i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).mul(load(y + 4L * i, rest)), y + 4L * i, rest);
        }
    }

    /// dgate = dy·up·f′(gate), dup = dy·f(gate).
    private static void gate(Scratch f, long up, long dy, long dgate, long dup, int n) {
        float[] values = f.values;
        float[] slopes = f.slopes;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector factor = load(up + 4L * i);
            FloatVector gradient = load(dy + 4L * i);
            store(gradient.mul(factor).mul(FloatVector.fromArray(Vectors.FLOATS, slopes, i)), dgate + 4L * i);
            store(gradient.mul(FloatVector.fromArray(Vectors.FLOATS, values, i)), dup + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector factor = load(up + 4L * i, rest);
            FloatVector gradient = load(dy + 4L * i, rest);
            store(gradient.mul(factor).mul(FloatVector.fromArray(Vectors.FLOATS, slopes, i)), dgate + 4L * i, rest);
            store(gradient.mul(FloatVector.fromArray(Vectors.FLOATS, values, i)), dup + 4L * i, rest);
        }
    }

    // ---- rotary ----

    /// Pairs (j, j + m); neighbours as pairs are left to others.
    boolean rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        if (interleaved || !Lines.areNarrow(x) || !Lines.are(DType.FLOAT32, cosines, sines)) {
            return false;
        }
        int heads = x.length(1);
        long step = x.type().byteSize() * x.stride(1);
        int m = cosines.length(1);
        Lines rows = Lines.of(x);
        Lines cosine = Lines.of(cosines);
        Lines sine = Lines.of(sines);
        int[] place = indices("positions", positions, cosines.size(0));
        float direction = inverse ? -1 : 1;
        spread.over(x.size(0), x.elementCount(), (from, to) -> {
            Staging staging = Staging.of(1, 2L * m);
            for (long row = from; row < to; row++) {
                long cos = cosine.at(place[(int) row]);
                long sin = sine.at(place[(int) row]);
                long first = rows.at(row * heads);
                for (int head = 0; head < heads; head++) {
                    long at = first + head * step;
                    turn(staging.read(0, x.type(), at, 2 * m), cos, sin, direction, m);
                    staging.write(0, x.type(), at, 2 * m);
                }
            }
        });
        return true;
    }

    /// (x₁, x₂) becomes (x₁cos − x₂sin, x₂cos + x₁sin); the inverse turns the other way.
    private static void turn(long x, long cosines, long sines, float direction, int m) {
        long second = x + 4L * m;
        int i = 0;
        for (; i <= m - LANES; i += LANES) {
            FloatVector x1 = load(x + 4L * i);
            FloatVector x2 = load(second + 4L * i);
            FloatVector cos = load(cosines + 4L * i);
            FloatVector sin = load(sines + 4L * i).mul(direction);
            store(x1.mul(cos).sub(x2.mul(sin)), x + 4L * i);
            store(x2.mul(cos).add(x1.mul(sin)), second + 4L * i);
        }
        if (i < m) {
            VectorMask<Float> rest = first(m - i);
            FloatVector x1 = load(x + 4L * i, rest);
            FloatVector x2 = load(second + 4L * i, rest);
            FloatVector cos = load(cosines + 4L * i, rest);
            FloatVector sin = load(sines + 4L * i, rest).mul(direction);
            store(x1.mul(cos).sub(x2.mul(sin)), x + 4L * i, rest);
            store(x2.mul(cos).add(x1.mul(sin)), second + 4L * i, rest);
        }
    }

    /// INT32 (R), all of them from 0 to below `count`.
    static int[] indices(String name, Tensor tensor, long count) {
        int rows = tensor.length(0);
        int[] indices = new int[rows];
        long stride = rows <= 1 ? 1 : tensor.stride(0);
        for (int row = 0; row < rows; row++) {
            int index = tensor.segment().get(ValueLayout.JAVA_INT_UNALIGNED, Integer.BYTES * stride * row);
            if (index < 0 || index >= count) {
                throw new IllegalArgumentException(
                        name + "[" + row + "]: expected 0 to " + (count - 1) + ", got " + index);
            }
            indices[row] = index;
        }
        return indices;
    }
}
