package org.apache.arrow.memory.unsafe;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;

/// Memory for Arrow's own reader, from `java.lang.foreign`. Arrow looks for a class of this very name; the
/// module that usually brings it is not published for the version in use.
public final class DefaultAllocationManagerFactory implements AllocationManager.Factory {
    public static final AllocationManager.Factory FACTORY = new DefaultAllocationManagerFactory();
    private static final MemorySegment NOTHING = Arena.global().allocate(8, 8);
    private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, NOTHING.address());

    @Override
    public AllocationManager create(BufferAllocator allocator, long size) {
        return new ForeignMemory(allocator, size);
    }

    @Override
    public ArrowBuf empty() {
        return EMPTY;
    }

    private static final class ForeignMemory extends AllocationManager {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment segment;

        ForeignMemory(BufferAllocator allocator, long size) {
            super(allocator);
            segment = arena.allocate(size, 64);
        }

        @Override
        public long getSize() {
            return segment.byteSize();
        }

        @Override
        protected long memoryAddress() {
            return segment.address();
        }

        @Override
        protected void release0() {
            arena.close();
        }
    }
}
