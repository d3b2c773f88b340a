package dev.wellspring.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Zeroed memory from Linux's `mmap`, with the wish for large pages. An arena would write zeros over pages that are
/// zero anyway, one fault for every 4 KiB: for the covariances of GPT-2 that took 5 of the stage's 50 seconds.
final class KernelPages {
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int HUGE_PAGE = 14;
    private static final long FAILED = -1;

    private static final @Nullable KernelPages HERE = find();

    private final MethodHandle mmap;
    private final MethodHandle madvise;
    private final MethodHandle munmap;

    private KernelPages(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {
        this.mmap = mmap;
        this.madvise = madvise;
        this.munmap = munmap;
    }

    private static @Nullable KernelPages find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        Optional<MethodHandle> mmap = function(
                "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        Optional<MethodHandle> madvise =
                function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        Optional<MethodHandle> munmap = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        return mmap.isPresent() && madvise.isPresent() && munmap.isPresent()
                ? new KernelPages(mmap.get(), madvise.get(), munmap.get())
                : null;
    }

    private static Optional<MethodHandle> function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, type));
    }

    /// Memory that is given back when the arena closes, or null where there is no such call or it refuses.
    static @Nullable MemorySegment allocate(long byteSize, Arena arena) {
        return HERE == null ? null : HERE.map(byteSize, arena);
    }

    private @Nullable MemorySegment map(long byteSize, Arena arena) {
        try {
            var pages = (MemorySegment)
                    mmap.invokeExact(MemorySegment.NULL, byteSize, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (pages.address() == FAILED) {
                return null;
            }
            int _ = (int) madvise.invokeExact(pages, byteSize, HUGE_PAGE); // a refusal costs speed alone
            return pages.reinterpret(byteSize, arena, this::unmap);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private void unmap(MemorySegment pages) {
        try {
            int _ = (int) munmap.invokeExact(pages, pages.byteSize());
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private static RuntimeException unexpected(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException(failure);
        };
    }
}
