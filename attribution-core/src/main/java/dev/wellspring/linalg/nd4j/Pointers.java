package dev.wellspring.linalg.nd4j;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/// JavaCPP's view of memory that belongs to somebody else: an address and a length, nothing to release.
final class Pointers {
    private Pointers() {}

    static FloatPointer floats(MemorySegment memory) {
        return new Floats(memory);
    }

    static DoublePointer doubles(MemorySegment memory) {
        return new Doubles(memory);
    }

    private static final class Floats extends FloatPointer {
        Floats(MemorySegment memory) {
            super((Pointer) null);
            address = memory.address();
            limit = memory.byteSize() / Float.BYTES;
            capacity = limit;
        }
    }

    private static final class Doubles extends DoublePointer {
        Doubles(MemorySegment memory) {
            super((Pointer) null);
            address = memory.address();
            limit = memory.byteSize() / Double.BYTES;
            capacity = limit;
        }
    }
}
