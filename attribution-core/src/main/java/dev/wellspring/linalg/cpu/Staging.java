package dev.wellspring.linalg.cpu;

import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where BFLOAT16 rows are FLOAT32 while a kernel works on them: scratch memory of the calling thread, small enough
/// for its second-level cache. Rows of other types are read and written where they lie, so that a kernel for FLOAT32
/// takes both.
final class Staging {
    private static final ThreadLocal<Staging> OF_THREAD = ThreadLocal.withInitial(Staging::new);

    /// Bytes between the places of two operands beside a row, so that they do not share the sets of a cache.
    private static final long GAP = 2L * Vectors.LANES * Float.BYTES;

    private MemorySegment memory = MemorySegment.NULL;
    private long pitch;

    private Staging() {}

    /// The calling thread's, with room for some operands; good until the thread asks again.
    ///
    /// @param operands of a kernel
    /// @param width the most elements of a row or piece
    static Staging of(int operands, long width) {
        Staging staging = OF_THREAD.get();
        staging.pitch = width * Float.BYTES + GAP;
        if (staging.memory.byteSize() < operands * staging.pitch) {
            staging.memory = Arena.ofAuto().allocate(operands * staging.pitch, GAP);
        }
        return staging;
    }

    /// Where n elements of an operand, which begin at an address, can be read, and written in place.
    ///
    /// @param operand which one, from 0
    long read(int operand, DType type, long at, int n) {
        if (type != DType.BFLOAT16) {
            return at;
        }
        long place = place(operand);
        VectorCopies.fromBfloats(at, place, n);
        return place;
    }

    /// Where n elements can be written that nobody reads before.
    long target(int operand, DType type, long at) {
        return type == DType.BFLOAT16 ? place(operand) : at;
    }

    /// Brings what was written to where it belongs.
    void write(int operand, DType type, long at, int n) {
        if (type == DType.BFLOAT16) {
            VectorCopies.toBfloats(place(operand), at, n);
        }
    }

    /// Where a kernel keeps FLOAT32 numbers of its own.
    long scratch(int operand) {
        return place(operand);
    }

    private long place(int operand) {
        return memory.address() + operand * pitch;
    }
}
