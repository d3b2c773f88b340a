package dev.wellspring.linalg.cpu;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Registers, and the way from an address into one and back. The last numbers of a row, which fill no
/// register, go through a mask: lanes without a number are read as 0 and never written.
///
/// Addresses are those of this process, as a constant segment over all of it: no check of bounds or of who may
/// use the memory stays in a loop, and what other code does with segments on the heap never makes C2 doubt
/// what is read here. [Lines] checks both before a kernel starts.
final class Vectors {
    static final VectorSpecies<Float> FLOATS = Widening.FLOATS;
    static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /// Half a register of floats, as many as a register of doubles.
    static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

    /// L.
    static final int LANES = FLOATS.length();

    /// L/2.
    static final int WIDE_LANES = DOUBLES.length();

    static final ByteOrder ORDER = Widening.ORDER;

    /// All memory of this process.
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Vectors() {}

    // ---- L floats ----

    static FloatVector load(long at) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, at, ORDER);
    }

    static FloatVector load(long at, VectorMask<Float> lanes) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, at, ORDER, lanes);
    }

    static void store(FloatVector values, long at) {
        values.intoMemorySegment(MEMORY, at, ORDER);
    }

    static void store(FloatVector values, long at, VectorMask<Float> lanes) {
        values.intoMemorySegment(MEMORY, at, ORDER, lanes);
    }

    /// The first `count` lanes.
    static VectorMask<Float> first(int count) {
        return FLOATS.indexInRange(0, count);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    // ---- L/2 floats as doubles, and doubles ----

    static DoubleVector widened(long at) {
        return (DoubleVector)
                FloatVector.fromMemorySegment(HALF, MEMORY, at, ORDER).convertShape(F2D, DOUBLES, 0);
    }

    static DoubleVector widened(long at, VectorMask<Float> lanes) {
        return (DoubleVector)
                FloatVector.fromMemorySegment(HALF, MEMORY, at, ORDER, lanes).convertShape(F2D, DOUBLES, 0);
    }

    static void storeNarrowed(DoubleVector values, long at) {
        ((FloatVector) values.convertShape(D2F, HALF, 0)).intoMemorySegment(MEMORY, at, ORDER);
    }

    static void storeNarrowed(DoubleVector values, long at, VectorMask<Float> lanes) {
        ((FloatVector) values.convertShape(D2F, HALF, 0)).intoMemorySegment(MEMORY, at, ORDER, lanes);
    }

    static DoubleVector loadWide(long at) {
        return DoubleVector.fromMemorySegment(DOUBLES, MEMORY, at, ORDER);
    }

    static DoubleVector loadWide(long at, VectorMask<Double> lanes) {
        return DoubleVector.fromMemorySegment(DOUBLES, MEMORY, at, ORDER, lanes);
    }

    static void store(DoubleVector values, long at) {
        values.intoMemorySegment(MEMORY, at, ORDER);
    }

    static void store(DoubleVector values, long at, VectorMask<Double> lanes) {
        values.intoMemorySegment(MEMORY, at, ORDER, lanes);
    }

    static VectorMask<Float> firstHalf(int count) {
        return HALF.indexInRange(0, count);
    }

    static VectorMask<Double> firstWide(int count) {
        return DOUBLES.indexInRange(0, count);
    }

    static DoubleVector allWide(double value) {
        return DoubleVector.broadcast(DOUBLES, value);
    }

    // ---- sums of lanes, always in the same order ----

    /// The sum of L floats, in float64.
    ///
    /// @param lanes scratch of L
    static double sum(FloatVector values, float[] lanes) {
        values.intoArray(lanes, 0);
        double even = 0;
        double odd = 0;
        for (int lane = 0; lane < LANES; lane += 2) {
            even += lanes[lane];
            odd += lanes[lane + 1];
        }
        return even + odd;
    }

    /// @param lanes scratch of L/2
    static double sum(DoubleVector values, double[] lanes) {
        values.intoArray(lanes, 0);
        double sum = 0;
        for (int lane = 0; lane < WIDE_LANES; lane++) {
            sum += lanes[lane];
        }
        return sum;
    }
}
