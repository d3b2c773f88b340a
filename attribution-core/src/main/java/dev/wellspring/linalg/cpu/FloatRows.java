package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Widening.FLOATS;
import static dev.wellspring.linalg.cpu.Widening.INTS;
import static dev.wellspring.linalg.cpu.Widening.LANES;
import static dev.wellspring.linalg.cpu.Widening.ORDER;
import static dev.wellspring.linalg.cpu.Widening.highest;
import static dev.wellspring.linalg.cpu.Widening.lower;
import static dev.wellspring.linalg.cpu.Widening.upper;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// One to four queries, in FLOAT32, at the speed of memory: each document is read once, one after the other, from
/// where it is stored, and widened in registers. Lanes lie along the dimensions; several sums per query hide the
/// latency of the multiply-add.
///
/// A method per precision and width: a shared one would ask what it is dealing with in its innermost loop.
///
/// The panel: one query as it is, or vectors of L dimensions of each of four queries in turn. What is left of a tile's
/// dimensions behind the last whole group comes as single numbers, of four queries in turn.
record FloatRows(int queries, Precision precision) implements TileKernel {
    private static final int DOCUMENTS = 32;
    private static final int DEPTH = 4096;

    @Override
    public int documents() {
        return DOCUMENTS;
    }

    @Override
    public int dimensions() {
        return DEPTH;
    }

    private int width() {
        return queries == 1 ? 1 : FEW;
    }

    /// The dimensions that are multiplied by vectors: the loops below take them by two or four.
    private static int whole(Precision precision, int depth) {
        return depth - depth % Math.max(2 * LANES, Widening.group(precision));
    }

    @Override
    public long panelBytes(int dimensions) {
        return (long) dimensions * width() * Float.BYTES;
    }

    @Override
    public void pack(double[] values, int dimensions, MemorySegment panel) {
        int width = width();
        for (int from = 0; from < dimensions; from += DEPTH) {
            int depth = Math.min(DEPTH, dimensions - from);
            int whole = whole(precision, depth);
            for (int k = 0; k < depth; k++) {
                int source = from + Widening.source(precision, k, depth);
                for (int query = 0; query < width; query++) {
                    float value = query < queries ? (float) values[query * dimensions + source] : 0;
                    int place = k < whole ? (k / LANES * width + query) * LANES + k % LANES : k * width + query;
                    panel.setAtIndex(ValueLayout.JAVA_FLOAT, (long) from * width + place, value);
                }
            }
        }
    }

    @Override
    public Tile tile() {
        return new Rows(width(), precision);
    }

    private static final class Rows implements Tile {
        private final int width;
        private final Precision precision;
        private final float[] queries;

        /// (documents, width, L): summed when all documents are through, so that reading never waits for sums.
        private final float[] lanes;

        private final float[] sums;

        Rows(int width, Precision precision) {
            this.width = width;
            this.precision = precision;
            queries = new float[DEPTH * width];
            lanes = new float[DOCUMENTS * width * LANES];
            sums = new float[DOCUMENTS * width];
        }

        @Override
        public void clear() {
            Arrays.fill(sums, 0);
        }

        @Override
        public void multiply(
                MemorySegment values, long at, long stride, int rows, MemorySegment panel, int from, int depth) {
            long slice = (long) from * width * Float.BYTES;
            MemorySegment.copy(panel, ValueLayout.JAVA_FLOAT, slice, queries, 0, depth * width);
            int whole = whole(precision, depth);
            for (int row = 0; row < rows; row++) {
                if (width == 1) {
                    one(values, at + row * stride, whole, row * LANES);
                } else {
                    four(values, at + row * stride, whole, row * FEW * LANES);
                }
            }
            for (int row = 0; row < rows; row++) {
                for (int query = 0; query < width; query++) {
                    int o = row * width + query;
                    sums[o] += sumOfLanes(o) + rest(values, at + row * stride, whole, depth, query);
                }
            }
        }

        private float sumOfLanes(int o) {
            float sum = 0;
            for (int lane = 0; lane < LANES; lane++) {
                sum += lanes[o * LANES + lane];
            }
            return sum;
        }

        /// The products of the dimensions that fill no vector.
        private float rest(MemorySegment values, long at, int whole, int depth, int query) {
            float sum = 0;
            for (int k = whole; k < depth; k++) {
                sum += Widening.value(values, precision, at, k) * queries[k * width + query];
            }
            return sum;
        }

        private void one(MemorySegment values, long at, int whole, int o) {
            switch (precision) {
                case FLOAT32 -> floats(values, at, queries, whole, lanes, o);
                case BFLOAT16 -> bfloats(values, at, queries, whole, lanes, o);
                case INT8 -> bytes(values, at, queries, whole, lanes, o);
                case FLOAT64 -> throw new IllegalStateException("expected a precision below FLOAT64, got FLOAT64");
            }
        }

        private void four(MemorySegment values, long at, int whole, int o) {
            switch (precision) {
                case FLOAT32 -> fourFloats(values, at, queries, whole, lanes, o);
                case BFLOAT16 -> fourBfloats(values, at, queries, whole, lanes, o);
                case INT8 -> fourBytes(values, at, queries, whole, lanes, o);
                case FLOAT64 -> throw new IllegalStateException("expected a precision below FLOAT64, got FLOAT64");
            }
        }

        @Override
        public double sum(int row, int query) {
            return sums[row * width + query];
        }
    }

    // ---- one query: L sums from c[o] on ----

    private static void floats(MemorySegment values, long at, float[] b, int whole, float[] c, int o) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        for (int k = 0; k < whole; k += 2 * LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, values, at + 4L * k, ORDER);
            FloatVector y = FloatVector.fromMemorySegment(FLOATS, values, at + 4L * k + 4L * LANES, ORDER);
            even = x.fma(query(b, k), even);
            odd = y.fma(query(b, k + LANES), odd);
        }
        even.add(odd).intoArray(c, o);
    }

    private static void bfloats(MemorySegment values, long at, float[] b, int whole, float[] c, int o) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        for (int k = 0; k < whole; k += 2 * LANES) {
            IntVector pairs = IntVector.fromMemorySegment(INTS, values, at + 2L * k, ORDER);
            even = lower(pairs).fma(query(b, k), even);
            odd = upper(pairs).fma(query(b, k + LANES), odd);
        }
        even.add(odd).intoArray(c, o);
    }

    private static void bytes(MemorySegment values, long at, float[] b, int whole, float[] c, int o) {
        FloatVector first = FloatVector.zero(FLOATS);
        FloatVector second = first;
        FloatVector third = first;
        FloatVector fourth = first;
        for (int k = 0; k < whole; k += 4 * LANES) {
            IntVector fours = IntVector.fromMemorySegment(INTS, values, at + k, ORDER);
            first = highest(fours.lanewise(LSHL, 24)).fma(query(b, k), first);
            second = highest(fours.lanewise(LSHL, 16)).fma(query(b, k + LANES), second);
            third = highest(fours.lanewise(LSHL, 8)).fma(query(b, k + 2 * LANES), third);
            fourth = highest(fours).fma(query(b, k + 3 * LANES), fourth);
        }
        first.add(second).add(third.add(fourth)).intoArray(c, o);
    }

    // ---- four queries: (4, L) sums from c[o] on, of even and odd vectors apart until the end ----

    private static void fourFloats(MemorySegment values, long at, float[] b, int whole, float[] c, int o) {
        FloatVector even0 = FloatVector.zero(FLOATS);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        for (int k = 0; k < whole; k += 2 * LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, values, at + 4L * k, ORDER);
            even0 = x.fma(query(b, 4 * k), even0);
            even1 = x.fma(query(b, 4 * k + LANES), even1);
            even2 = x.fma(query(b, 4 * k + 2 * LANES), even2);
            even3 = x.fma(query(b, 4 * k + 3 * LANES), even3);
            x = FloatVector.fromMemorySegment(FLOATS, values, at + 4L * k + 4L * LANES, ORDER);
            odd0 = x.fma(query(b, 4 * k + 4 * LANES), odd0);
            odd1 = x.fma(query(b, 4 * k + 5 * LANES), odd1);
            odd2 = x.fma(query(b, 4 * k + 6 * LANES), odd2);
            odd3 = x.fma(query(b, 4 * k + 7 * LANES), odd3);
        }
        store(even0.add(odd0), even1.add(odd1), even2.add(odd2), even3.add(odd3), c, o);
    }

    private static void fourBfloats(MemorySegment values, long at, float[] b, int whole, float[] c, int o) {
        FloatVector even0 = FloatVector.zero(FLOATS);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        for (int k = 0; k < whole; k += 2 * LANES) {
            IntVector pairs = IntVector.fromMemorySegment(INTS, values, at + 2L * k, ORDER);
            FloatVector x = lower(pairs);
            even0 = x.fma(query(b, 4 * k), even0);
            even1 = x.fma(query(b, 4 * k + LANES), even1);
            even2 = x.fma(query(b, 4 * k + 2 * LANES), even2);
            even3 = x.fma(query(b, 4 * k + 3 * LANES), even3);
            x = upper(pairs);
            odd0 = x.fma(query(b, 4 * k + 4 * LANES), odd0);
            odd1 = x.fma(query(b, 4 * k + 5 * LANES), odd1);
            odd2 = x.fma(query(b, 4 * k + 6 * LANES), odd2);
            odd3 = x.fma(query(b, 4 * k + 7 * LANES), odd3);
        }
        store(even0.add(odd0), even1.add(odd1), even2.add(odd2), even3.add(odd3), c, o);
    }

    private static void fourBytes(MemorySegment values, long at, float[] b, int whole, float[] c, int o) {
        FloatVector even0 = FloatVector.zero(FLOATS);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        for (int k = 0; k < whole; k += 4 * LANES) {
            IntVector fours = IntVector.fromMemorySegment(INTS, values, at + k, ORDER);
            FloatVector x = highest(fours.lanewise(LSHL, 24));
            even0 = x.fma(query(b, 4 * k), even0);
            even1 = x.fma(query(b, 4 * k + LANES), even1);
            even2 = x.fma(query(b, 4 * k + 2 * LANES), even2);
            even3 = x.fma(query(b, 4 * k + 3 * LANES), even3);
            x = highest(fours.lanewise(LSHL, 16));
            odd0 = x.fma(query(b, 4 * k + 4 * LANES), odd0);
            odd1 = x.fma(query(b, 4 * k + 5 * LANES), odd1);
            odd2 = x.fma(query(b, 4 * k + 6 * LANES), odd2);
            odd3 = x.fma(query(b, 4 * k + 7 * LANES), odd3);
            x = highest(fours.lanewise(LSHL, 8));
            even0 = x.fma(query(b, 4 * k + 8 * LANES), even0);
            even1 = x.fma(query(b, 4 * k + 9 * LANES), even1);
            even2 = x.fma(query(b, 4 * k + 10 * LANES), even2);
            even3 = x.fma(query(b, 4 * k + 11 * LANES), even3);
            x = highest(fours);
            odd0 = x.fma(query(b, 4 * k + 12 * LANES), odd0);
            odd1 = x.fma(query(b, 4 * k + 13 * LANES), odd1);
            odd2 = x.fma(query(b, 4 * k + 14 * LANES), odd2);
            odd3 = x.fma(query(b, 4 * k + 15 * LANES), odd3);
        }
        store(even0.add(odd0), even1.add(odd1), even2.add(odd2), even3.add(odd3), c, o);
    }

    private static FloatVector query(float[] b, int at) {
        return FloatVector.fromArray(FLOATS, b, at);
    }

    private static void store(FloatVector c0, FloatVector c1, FloatVector c2, FloatVector c3, float[] c, int o) {
        c0.intoArray(c, o);
        c1.intoArray(c, o + LANES);
        c2.intoArray(c, o + 2 * LANES);
        c3.intoArray(c, o + 3 * LANES);
    }
}
