package dev.wellspring.linalg.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// FLOAT64, as [FloatBlocks] does it for narrower numbers, with half the lanes and a tile of as many bytes. The two
/// differ
/// in nothing else, but Java has no type that stands for both.
record DoubleBlocks(int queries) implements TileKernel {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = DOUBLES.length();
    private static final int ROWS = 6;
    private static final int STRIP = 2 * LANES;
    private static final int DOCUMENTS = 8 * ROWS;
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
        return (long) padded(dimensions) * width() * Double.BYTES;
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
                    for (int query = strip; query < end; query++) {
                        boolean padding = query >= queries || k >= depth;
                        double value = padding ? 0 : values[query * dimensions + from + k];
                        panel.setAtIndex(ValueLayout.JAVA_DOUBLE, at++, value);
                    }
                }
            }
        }
    }

    @Override
    public Tile tile() {
        return new Blocks(width());
    }

    private static final class Blocks implements Tile {
        private final int width;
        private final double[] documents = new double[DOCUMENTS * DEPTH];
        private final double[] queries;
        private final double[] sums;

        Blocks(int width) {
            this.width = width;
            queries = new double[DEPTH * width];
            sums = new double[DOCUMENTS * width];
        }

        @Override
        public void clear() {
            Arrays.fill(sums, 0);
        }

        @Override
        public void multiply(
                MemorySegment values, long at, long stride, int rows, MemorySegment panel, int from, int depth) {
            int padded = padded(depth);
            long slice = (long) from * width * Double.BYTES;
            MemorySegment.copy(panel, ValueLayout.JAVA_DOUBLE, slice, queries, 0, padded * width);
            for (int row = 0; row < rows; row++) {
                int start = row * DEPTH;
                MemorySegment.copy(
                        values, ValueLayout.JAVA_DOUBLE_UNALIGNED, at + row * stride, documents, start, depth);
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
    private static void twoVectors(double[] a, int i, double[] b, int j, double[] c, int o, int width) {
        DoubleVector c00 = DoubleVector.zero(DOUBLES);
        DoubleVector c01 = c00;
        DoubleVector c10 = c00;
        DoubleVector c11 = c00;
        DoubleVector c20 = c00;
        DoubleVector c21 = c00;
        DoubleVector c30 = c00;
        DoubleVector c31 = c00;
        DoubleVector c40 = c00;
        DoubleVector c41 = c00;
        DoubleVector c50 = c00;
        DoubleVector c51 = c00;
        for (int k = 0; k < STEPS; k++) {
            DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, j + k * STRIP);
            DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, j + k * STRIP + LANES);
            DoubleVector x = DoubleVector.broadcast(DOUBLES, a[i + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = DoubleVector.broadcast(DOUBLES, a[i + k + DEPTH]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = DoubleVector.broadcast(DOUBLES, a[i + k + 2 * DEPTH]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = DoubleVector.broadcast(DOUBLES, a[i + k + 3 * DEPTH]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = DoubleVector.broadcast(DOUBLES, a[i + k + 4 * DEPTH]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = DoubleVector.broadcast(DOUBLES, a[i + k + 5 * DEPTH]);
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
    private static void oneVector(double[] a, int i, double[] b, int j, double[] c, int o, int width) {
        DoubleVector c0 = DoubleVector.zero(DOUBLES);
        DoubleVector c1 = c0;
        DoubleVector c2 = c0;
        DoubleVector c3 = c0;
        DoubleVector c4 = c0;
        DoubleVector c5 = c0;
        for (int k = 0; k < STEPS; k++) {
            DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, j + k * LANES);
            c0 = DoubleVector.broadcast(DOUBLES, a[i + k]).fma(b0, c0);
            c1 = DoubleVector.broadcast(DOUBLES, a[i + k + DEPTH]).fma(b0, c1);
            c2 = DoubleVector.broadcast(DOUBLES, a[i + k + 2 * DEPTH]).fma(b0, c2);
            c3 = DoubleVector.broadcast(DOUBLES, a[i + k + 3 * DEPTH]).fma(b0, c3);
            c4 = DoubleVector.broadcast(DOUBLES, a[i + k + 4 * DEPTH]).fma(b0, c4);
            c5 = DoubleVector.broadcast(DOUBLES, a[i + k + 5 * DEPTH]).fma(b0, c5);
        }
        add(c0, c, o);
        add(c1, c, o + width);
        add(c2, c, o + 2 * width);
        add(c3, c, o + 3 * width);
        add(c4, c, o + 4 * width);
        add(c5, c, o + 5 * width);
    }

    private static void add(DoubleVector x, DoubleVector y, double[] c, int o) {
        add(x, c, o);
        add(y, c, o + LANES);
    }

    private static void add(DoubleVector x, double[] c, int o) {
        DoubleVector.fromArray(DOUBLES, c, o).add(x).intoArray(c, o);
    }
}
