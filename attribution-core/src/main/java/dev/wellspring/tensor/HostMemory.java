package dev.wellspring.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory in the address space of this process, outside the Java heap, 64-byte aligned, or a read-only mapping of a
/// file.
public final class HostMemory implements Memory {
    /// A cache line, and the width of the widest vector register.
    public static final long ALIGNMENT = 64;

    /// From this many bytes on, memory comes straight from the kernel, in large pages where it has them.
    private static final long LARGE = 4L << 20;

    private final MemorySegment segment;
    private final Arena arena;

    private HostMemory(MemorySegment segment, Arena arena) {
        this.segment = segment;
        this.arena = arena;
    }

    /// New zeroed memory of the given size in bytes, which may be zero.
    public static HostMemory allocate(long byteSize) {
        Arena arena = Arena.ofShared();
        if (byteSize >= LARGE) {
            MemorySegment pages = KernelPages.allocate(byteSize, arena);
            if (pages != null) {
                return new HostMemory(pages, arena);
            }
        }
        return new HostMemory(arena.allocate(Math.max(byteSize, ALIGNMENT), ALIGNMENT), arena);
    }

    /// Memory that somebody else has allocated, for example for a device to read.
    ///
    /// @param segment of the arena; when it is closed, the memory goes back to where it came from
    public static HostMemory of(MemorySegment segment, Arena arena) {
        return new HostMemory(segment, arena);
    }

    /// The bytes.
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public long byteSize() {
        return segment.byteSize();
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
