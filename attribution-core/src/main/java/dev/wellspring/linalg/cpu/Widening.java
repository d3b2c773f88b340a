package dev.wellspring.linalg.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Stored numbers narrower than FLOAT64 as FLOAT32.
///
/// A register of 32-bit integers holds 2·L bfloat16 or 4·L bytes. Shifts bring the first of each integer's numbers
/// into L floats, then the second of each, and so on: nothing crosses lanes, which would cost more than the arithmetic.
/// So the numbers of a group come out in another order, and queries are packed in the same one ([#source]). What does
/// not fill a group stays in its order.
final class Widening {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /// L.
    static final int LANES = FLOATS.length();

    /// Of everything that is stored.
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final int UPPER_HALF = 0xffff0000;

    private Widening() {}

    /// How many numbers are reordered among each other.
    static int group(Precision precision) {
        return LANES * Float.BYTES / precision.byteSize();
    }

    /// Which of `count` stored numbers comes out at place `k`.
    static int source(Precision precision, int k, int count) {
        int group = group(precision);
        if (precision == Precision.FLOAT64 || k >= count - count % group) {
            return k;
        }
        int place = k % group;
        return k - place + place % LANES * (group / LANES) + place / LANES;
    }

    /// Numbers from byte `at` on, as floats from `start` on.
    static void widen(MemorySegment values, Precision precision, long at, int count, float[] floats, int start) {
        switch (precision) {
            case FLOAT32 -> MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, at, floats, start, count);
            case BFLOAT16 -> widenBfloats(values, at, count, floats, start);
            case INT8 -> widenBytes(values, at, count, floats, start);
            case FLOAT64 -> throw new IllegalArgumentException("expected a precision below FLOAT64, got FLOAT64");
        }
    }

    private static void widenBfloats(MemorySegment values, long at, int count, float[] floats, int start) {
        int whole = count - count % (2 * LANES);
        for (int k = 0; k < whole; k += 2 * LANES) {
            IntVector pairs = IntVector.fromMemorySegment(INTS, values, at + 2L * k, ORDER);
            lower(pairs).intoArray(floats, start + k);
            upper(pairs).intoArray(floats, start + k + LANES);
        }
        for (int k = whole; k < count; k++) {
            floats[start + k] = value(values, Precision.BFLOAT16, at, k);
        }
    }

    private static void widenBytes(MemorySegment values, long at, int count, float[] floats, int start) {
        int whole = count - count % (4 * LANES);
        for (int k = 0; k < whole; k += 4 * LANES) {
            IntVector fours = IntVector.fromMemorySegment(INTS, values, at + k, ORDER);
            highest(fours.lanewise(LSHL, 24)).intoArray(floats, start + k);
            highest(fours.lanewise(LSHL, 16)).intoArray(floats, start + k + LANES);
            highest(fours.lanewise(LSHL, 8)).intoArray(floats, start + k + 2 * LANES);
            highest(fours).intoArray(floats, start + k + 3 * LANES);
        }
        for (int k = whole; k < count; k++) {
            floats[start + k] = value(values, Precision.INT8, at, k);
        }
    }

    /// The bfloat16 in the lower half of each integer.
    static FloatVector lower(IntVector pairs) {
        return pairs.lanewise(LSHL, 16).reinterpretAsFloats();
    }

    /// The bfloat16 in the upper half of each integer.
    static FloatVector upper(IntVector pairs) {
        return pairs.and(UPPER_HALF).reinterpretAsFloats();
    }

    /// The signed highest byte of each integer.
    static FloatVector highest(IntVector fours) {
        return (FloatVector) fours.lanewise(ASHR, 24).convert(I2F, 0);
    }

    /// Number `k` of those from byte `at` on.
    static float value(MemorySegment values, Precision precision, long at, int k) {
        return switch (precision) {
            case FLOAT64 -> throw new IllegalArgumentException("expected a precision below FLOAT64, got FLOAT64");
            case FLOAT32 -> values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * k);
            case BFLOAT16 -> Bfloat16.toFloat(values.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * k));
            case INT8 -> values.get(ValueLayout.JAVA_BYTE, at + k);
        };
    }
}
