package dev.wellspring.linalg;

import dev.wellspring.tensor.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Documents as a store keeps them, in memory of exactly their size, and the plain double loops that judge kernels.
public final class StoredRows {
    /// What the numbers are like.
    public enum Numbers {
        /// From −7 to 7, with scales that are powers of two: small enough to be exact in any sum.
        WHOLE,
        /// Between −1 and 1 (INT8: from −127 to 127), with scales between −1 and 1.
        REAL
    }

    private final Precision precision;
    private final int count;
    private final int dimensions;
    private final MemorySegment values;
    private final @Nullable MemorySegment scales;

    private StoredRows(
            Precision precision, int count, int dimensions, MemorySegment values, @Nullable MemorySegment scales) {
        this.precision = precision;
        this.count = count;
        this.dimensions = dimensions;
        this.values = values;
        this.scales = scales;
    }

    /// Seeded numbers.
    public StoredRows(Precision precision, int count, int dimensions, Numbers numbers, long seed) {
        this(
                precision,
                count,
                dimensions,
                Arena.ofAuto().allocate((long) count * dimensions * precision.byteSize(), 64),
                precision.hasScales() ? Arena.ofAuto().allocate(4L * count, 64) : null);
        var random = new SplittableRandom(seed);
        for (int row = 0; row < count; row++) {
            for (int k = 0; k < dimensions; k++) {
                set(row, k, number(random, numbers, precision));
            }
            if (scales != null) {
                scale(row, numbers == Numbers.WHOLE ? 1 << row % 4 : random.nextDouble(-1, 1));
            }
        }
    }

    /// Seeded queries, (count, dimensions).
    public static double[] queries(int count, int dimensions, Numbers numbers, long seed) {
        var random = new SplittableRandom(seed);
        double[] queries = new double[count * dimensions];
        Arrays.setAll(queries, i -> number(random, numbers, Precision.FLOAT64));
        return queries;
    }

    private static double number(SplittableRandom random, Numbers numbers, Precision precision) {
        return switch (numbers) {
            case WHOLE -> random.nextInt(-7, 8);
            case REAL -> precision == Precision.INT8 ? random.nextInt(-127, 128) : random.nextDouble(-1, 1);
        };
    }

    public Precision precision() {
        return precision;
    }

    public int count() {
        return count;
    }

    public int dimensions() {
        return dimensions;
    }

    public MemorySegment values() {
        return values;
    }

    public @Nullable MemorySegment scales() {
        return scales;
    }

    /// A copy of the values.
    public byte[] bytes() {
        return values.toArray(ValueLayout.JAVA_BYTE);
    }

    /// Documents `from` to `to`, in memory of their own.
    public StoredRows rows(int from, int to) {
        var part = new StoredRows(precision, to - from, dimensions, Numbers.WHOLE, 0);
        long stride = (long) dimensions * precision.byteSize();
        part.values.copyFrom(values.asSlice(from * stride, (to - from) * stride));
        if (part.scales != null && scales != null) {
            part.scales.copyFrom(scales.asSlice(4L * from, 4L * (to - from)));
        }
        return part;
    }

    /// Stores one number, rounded to the precision.
    public void set(int row, int k, double value) {
        long at = (long) row * dimensions + k;
        switch (precision) {
            case FLOAT64 -> values.setAtIndex(ValueLayout.JAVA_DOUBLE, at, value);
            case FLOAT32 -> values.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) value);
            case BFLOAT16 -> values.setAtIndex(ValueLayout.JAVA_SHORT, at, Bfloat16.fromDouble(value));
            case INT8 -> values.set(ValueLayout.JAVA_BYTE, at, (byte) value);
        }
    }

    /// Sets the scale of a document whose precision has one.
    public void scale(int row, double scale) {
        if (scales == null) {
            throw new IllegalStateException("expected a precision with scales, got " + precision);
        }
        scales.setAtIndex(ValueLayout.JAVA_FLOAT, row, (float) scale);
    }

    private double get(int row, int k) {
        long at = (long) row * dimensions + k;
        return switch (precision) {
            case FLOAT64 -> values.getAtIndex(ValueLayout.JAVA_DOUBLE, at);
            case FLOAT32 -> values.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            case BFLOAT16 -> Bfloat16.toFloat(values.getAtIndex(ValueLayout.JAVA_SHORT, at));
            case INT8 -> values.get(ValueLayout.JAVA_BYTE, at);
        };
    }

    /// scale[d] · Σ_k values[d, k]·queries[q, k] as (documents, queries), in float64.
    public double[] products(double[] queries, int queryCount) {
        double[] products = new double[count * queryCount];
        for (int row = 0; row < count; row++) {
            double scale = scales == null ? 1 : scales.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            for (int q = 0; q < queryCount; q++) {
                double sum = 0;
                for (int k = 0; k < dimensions; k++) {
                    sum += get(row, k) * queries[q * dimensions + k];
                }
                products[row * queryCount + q] += scale * sum;
            }
        }
        return products;
    }

    /// The largest that one product of a REAL number and a REAL query can be.
    public double largest() {
        return precision == Precision.INT8 ? 127 : 1;
    }
}
