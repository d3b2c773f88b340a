package org.apache.arrow.memory.unsafe;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;

/// Gives Arrow's buffers an [Arena] each.
public final class DefaultAllocationManagerFactory implements AllocationManager.Factory {
    /// What Arrow reads by reflection.
    public static final AllocationManager.Factory FACTORY = new DefaultAllocationManagerFactory();

    private static final long ALIGNMENT = 64;
    private static final ArrowBuf EMPTY = new ArrowBuf(
            ReferenceManager.NO_OP,
            null,
            0,
            Arena.global().allocate(ALIGNMENT, ALIGNMENT).address());

    private DefaultAllocationManagerFactory() {}

    @Override
    public AllocationManager create(BufferAllocator accountingAllocator, long size) {
        return new ArenaManager(accountingAllocator, size);
    }

    @Override
    public ArrowBuf empty() {
        return EMPTY;
    }

    private static final class ArenaManager extends AllocationManager {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment segment;

        ArenaManager(BufferAllocator accountingAllocator, long size) {
            super(accountingAllocator);
            segment = arena.allocate(size, ALIGNMENT);
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
