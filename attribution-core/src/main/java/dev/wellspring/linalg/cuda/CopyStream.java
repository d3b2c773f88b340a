package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.Transfer;
import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.tensor.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A second stream, on which the device fetches from pinned memory while it computes on the first; and that memory.
///
/// Events keep the two in step: a copy waits for what the first stream was asked for before it, and the first
/// stream waits for a copy where its [Transfer] says so. A block of the device that is given back earlier
/// waits too, so that [DevicePool] may go by the order of the first stream alone.
final class CopyStream implements AutoCloseable {
    private final CudaDriver driver;
    private final long context;
    private final long computing;
    private final long stream;
    /// Recorded on the computing stream; a wait keeps the moment it was asked for, so one serves all copies.
    private final long asked;
    /// One for each copy that is not awaited yet.
    private final List<Long> events = new ArrayList<>();

    private final Deque<Long> unused = new ArrayDeque<>();
    private final Set<Arena> pinned = new LinkedHashSet<>();
    private final Closing closing;
    private boolean closed;

    /// @param computing the stream that everything else is done on
    CopyStream(CudaDriver driver, long context, long computing) {
        this.driver = driver;
        this.context = context;
        this.computing = computing;
        try (var opened = new Closing()) {
            stream = driver.cuStreamCreate(CudaDriver.CU_STREAM_NON_BLOCKING);
            opened.add(() -> driver.cuStreamDestroy(stream));
            asked = driver.cuEventCreate(CudaDriver.CU_EVENT_DISABLE_TIMING);
            opened.add(() -> driver.cuEventDestroy(asked));
            opened.add(() -> events.forEach(driver::cuEventDestroy));
            closing = opened.keep();
        }
    }

    // ---- memory ----

    /// New zeroed pinned memory.
    ///
    /// @throws CudaException when the host has too little
    HostMemory allocate(long byteSize) {
        long size = Math.max(byteSize, HostMemory.ALIGNMENT);
        MemorySegment block = allocatePinned(size);
        Arena arena = Arena.ofShared();
        pinned.add(arena);
        MemorySegment segment = block.reinterpret(size, arena, _ -> {
            pinned.remove(arena);
            free(block);
        });
        return HostMemory.of(segment.fill((byte) 0), arena);
    }

    private MemorySegment allocatePinned(long size) {
        try {
            return driver.cuMemAllocHost(size);
        } catch (CudaException failure) {
            if (failure.status() != CudaDriver.CUDA_ERROR_OUT_OF_MEMORY) {
                throw failure;
            }
            var worded = new CudaException(
                    failure.function(),
                    failure.status(),
                    "out of memory on the host: " + ByteSizes.words(size)
                            + " of pinned memory asked for; end other processes, or ask for a lower --rank or fewer queries");
            worded.initCause(failure);
            throw worded;
        }
    }

    /// Copies that still read it are waited for.
    private void free(MemorySegment block) {
        driver.cuCtxSetCurrent(context);
        driver.cuStreamSynchronize(stream);
        driver.cuMemFreeHost(block);
    }

    // ---- copies ----

    /// See [Gpu#uploadBeside].
    Transfer upload(MemorySegment source, DeviceMemory target, long offset) {
        if (source.byteSize() == 0) {
            return Transfer.DONE;
        }
        driver.cuEventRecord(asked, computing);
        driver.cuStreamWaitEvent(stream, asked);
        driver.cuMemcpyHtoDAsync(target.address() + offset, source, source.byteSize(), stream);
        long done = takeEvent();
        driver.cuEventRecord(done, stream);
        Transfer copy = new Copy(done);
        target.arrives(copy);
        return copy;
    }

    private long takeEvent() {
        if (unused.isEmpty()) {
            long event = driver.cuEventCreate(CudaDriver.CU_EVENT_DISABLE_TIMING);
            events.add(event);
            return event;
        }
        return unused.pop();
    }

    private final class Copy implements Transfer {
        private final long done;
        private boolean awaited;

        Copy(long done) {
            this.done = done;
        }

        @Override
        public void await() {
            if (!awaited && !closed) {
                awaited = true;
                driver.cuCtxSetCurrent(context);
                driver.cuStreamWaitEvent(computing, done);
                unused.push(done);
            }
        }
    }

    /// Waits for all copies.
    void synchronise() {
        driver.cuStreamSynchronize(stream);
    }

    /// Gives back everything, tensors' pinned memory too.
    @Override
    public void close() {
        closed = true;
        try (closing) {
            List.copyOf(pinned).forEach(Arena::close);
        }
    }
}
