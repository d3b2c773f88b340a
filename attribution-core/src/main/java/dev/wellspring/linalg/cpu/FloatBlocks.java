package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Widening.FLOATS;
import static dev.wellspring.linalg.cpu.Widening.LANES;

import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Many queries, in FLOAT32. A register block is 6 documents by 2 vectors of queries: its 12 sums keep two
/// multiply-add units of latency 4 busy, and with 2 vectors of queries and a document's number in every lane of another
/// they fit in the 16 registers of AVX2. Wider registers (AVX-512, 32 of them) make it 6 by 32 queries with loads to
/// spare; it needs no other shape.
///
/// A tile is widened into 96 x 256 floats, which lie in the second-level cache together with their slice of the panel;
/// the strip of 256 x 2·L queries that 16 register blocks read one after the other lies in the first-level cache.
///
/// The panel: for every 256 dimensions, strips of 2·L queries (a last one of L where that holds the rest), each
/// (dimensions, queries). Dimensions of a tile are padded with zeros to a multiple of [#STEPS], queries to one of L.
record FloatBlocks(int queries, Precision precision) implements TileKernel {
    private static final int ROWS = 6;
    private static final int STRIP = 2 * LANES;
    private static final int DOCUMENTS = 16 * ROWS;
    private static final int DEPTH = 256;

    /// Terms that are summed in registers, then added to the tile's sums: the constant that C2 needs.
    private static final int STEPS = 64;

    @Override
    public int documents() {
        return DOCUMENTS;
    }

    @Override
    public int dimensions() {
        return DEPTH;
    }

    private int width() {
        return Math.ceilDiv(queries, LANES) * LANES;
    }

    private static int padded(int dimensions) {
        return Math.ceilDiv(dimensions, STEPS) * STEPS;
    }

    @Override
    public long panelBytes(int dimensions) {
        return (long) padded(dimensions) * width() * Float.BYTES;
    }

    @Override
    public void pack(double[] values, int dimensions, MemorySegment panel) {
        int width = width();
        long at = 0;
        for (int from = 0; from < dimensions; from += DEPTH) {
            int depth = Math.min(DEPTH, dimensions - from);
            for (int strip = 0; strip < width; strip += STRIP) {
                int end = Math.min(width, strip + STRIP);
                for (int k = 0; k < padded(depth); k++) {
                    int source = from + Widening.source(precision, k, depth);
                    for (int query = strip; query < end; query++) {
                        boolean padding = query >= queries || k >= depth;
                        float value = padding ? 0 : (float) values[query * dimensions + source];
                        panel.setAtIndex(ValueLayout.JAVA_FLOAT, at++, value);
                    }
                }
            }
        }
    }

    @Override
    public Tile tile() {
        return new Blocks(width(), precision);
    }

    private static final class Blocks implements Tile {
        private final int width;
        private final Precision precision;
        private final float[] documents = new float[DOCUMENTS * DEPTH];
        private final float[] queries;
        private final float[] sums;

        Blocks(int width, Precision precision) {
            this.width = width;
            this.precision = precision;
            queries = new float[DEPTH * width];
            sums = new float[DOCUMENTS * width];
        }

        @Override
        public void clear() {
            Arrays.fill(sums, 0);
        }

        @Override
        public void multiply(
                MemorySegment values, long at, long stride, int rows, MemorySegment panel, int from, int depth) {
            int padded = padded(depth);
            long slice = (long) from * width * Float.BYTES;
            MemorySegment.copy(panel, ValueLayout.JAVA_FLOAT, slice, queries, 0, padded * width);
            for (int row = 0; row < rows; row++) {
                int start = row * DEPTH;
                Widening.widen(values, precision, at + row * stride, depth, documents, start);
                Arrays.fill(documents, start + depth, start + padded, 0);
            }
            int strip = 0;
            for (; strip + STRIP <= width; strip += STRIP) {
                for (int row = 0; row < rows; row += ROWS) {
                    for (int k = 0; k < padded; k += STEPS) {
                        int a = row * DEPTH + k;
                        int b = strip * padded + STRIP * k;
                        twoVectors(documents, a, queries, b, sums, row * width + strip, width);
                    }
                }
            }
            if (strip < width) {
                for (int row = 0; row < rows; row += ROWS) {
                    for (int k = 0; k < padded; k += STEPS) {
                        int a = row * DEPTH + k;
                        int b = strip * padded + LANES * k;
                        oneVector(documents, a, queries, b, sums, row * width + strip, width);
                    }
                }
            }
        }

        @Override
        public double sum(int row, int query) {
            return sums[row * width + query];
        }
    }

    /// C (6, 2·L) += A (6, STEPS) · B (STEPS, 2·L). Rows behind the last document are multiplied too, and never read.
    ///
    /// @param i where A begins; its rows are DEPTH apart
    /// @param j where B begins; its rows follow each other
    /// @param o where C begins; its rows are `width` apart
    private static void twoVectors(float[] a, int i, float[] b, int j, float[] c, int o, int width) {
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c40 = c00;
        FloatVector c41 = c00;
        FloatVector c50 = c00;
        FloatVector c51 = c00;
        for (int k = 0; k < STEPS; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, j + k * STRIP);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, j + k * STRIP + LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[i + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(FLOATS, a[i + k + DEPTH]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(FLOATS, a[i + k + 2 * DEPTH]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(FLOATS, a[i + k + 3 * DEPTH]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(FLOATS, a[i + k + 4 * DEPTH]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(FLOATS, a[i + k + 5 * DEPTH]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        add(c00, c01, c, o);
        add(c10, c11, c, o + width);
        add(c20, c21, c, o + 2 * width);
        add(c30, c31, c, o + 3 * width);
        add(c40, c41, c, o + 4 * width);
        add(c50, c51, c, o + 5 * width);
    }

    /// C (6, L) += A (6, STEPS) · B (STEPS, L).
    private static void oneVector(float[] a, int i, float[] b, int j, float[] c, int o, int width) {
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        for (int k = 0; k < STEPS; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, j + k * LANES);
            c0 = FloatVector.broadcast(FLOATS, a[i + k]).fma(b0, c0);
            c1 = FloatVector.broadcast(FLOATS, a[i + k + DEPTH]).fma(b0, c1);
            c2 = FloatVector.broadcast(FLOATS, a[i + k + 2 * DEPTH]).fma(b0, c2);
            c3 = FloatVector.broadcast(FLOATS, a[i + k + 3 * DEPTH]).fma(b0, c3);
            c4 = FloatVector.broadcast(FLOATS, a[i + k + 4 * DEPTH]).fma(b0, c4);
            c5 = FloatVector.broadcast(FLOATS, a[i + k + 5 * DEPTH]).fma(b0, c5);
        }
        add(c0, c, o);
        add(c1, c, o + width);
        add(c2, c, o + 2 * width);
        add(c3, c, o + 3 * width);
        add(c4, c, o + 4 * width);
        add(c5, c, o + 5 * width);
    }

    private static void add(FloatVector x, FloatVector y, float[] c, int o) {
        add(x, c, o);
        add(y, c, o + LANES);
    }

    private static void add(FloatVector x, float[] c, int o) {
        FloatVector.fromArray(FLOATS, c, o).add(x).intoArray(c, o);
    }
}
