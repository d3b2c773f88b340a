package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.CudaException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// A device's memory in blocks. Asking the driver for one takes long, and giving it back waits for the device,
/// so blocks given back are kept, by size, and handed out again; only when the driver has little more are they
/// returned to it.
///
/// All that reaches a block given back is in the order of one stream, [CopyStream]'s copies too, so it may be handed
/// out again while work on its former contents still waits there.
final class DevicePool implements AutoCloseable {
    /// Up to a mebibyte sizes are multiples of the first, above of the second, which is how the driver cuts pages.
    private static final long SMALL_STEP = 512;
    private static final long LARGE_STEP = 2L << 20;
    private static final long LARGE = 1L << 20;

    /// What is left to cuBLAS and cuSOLVER, which load their kernels when they first need them, and fail in
    /// ways that do not say so where they find no room.
    static final long LIBRARIES = 512L << 20;

    /// A kept block may be an eighth larger than what is asked for.
    private static final int SPARE_PARTS = 8;

    private final CudaDriver driver;
    private final long stream;
    private final TreeMap<Long, Deque<Long>> kept = new TreeMap<>();
    private final Set<Long> addresses = new HashSet<>();
    private long keptBytes;
    private boolean closed;

    DevicePool(CudaDriver driver, long stream) {
        this.driver = driver;
        this.stream = stream;
    }

    /// New memory that is zeroed when work asked for later comes to it.
    ///
    /// @throws CudaException when the device has too little
    DeviceMemory allocate(long byteSize) {
        DeviceMemory memory = allocateUninitialised(byteSize);
        driver.cuMemsetD8Async(memory.address(), (byte) 0, Math.max(byteSize, 1), stream);
        return memory;
    }

    /// The same with arbitrary contents.
    DeviceMemory allocateUninitialised(long byteSize) {
        if (byteSize < 0) {
            throw new IllegalArgumentException("byteSize: expected >= 0, got " + byteSize);
        }
        long size = blockSize(byteSize);
        Map.Entry<Long, Deque<Long>> nearest = kept.ceilingEntry(size);
        boolean fits = nearest != null && nearest.getKey() <= size + size / SPARE_PARTS;
        long held = fits ? nearest.getKey() : size;
        long address = fits ? takeKept(held, nearest.getValue()) : fromDriver(size);
        return new DeviceMemory(address, byteSize, () -> giveBack(address, held));
    }

    private static long blockSize(long byteSize) {
        long step = byteSize > LARGE ? LARGE_STEP : SMALL_STEP;
        return Math.max(1, Math.ceilDiv(byteSize, step)) * step;
    }

    private long takeKept(long size, Deque<Long> blocks) {
        long address = blocks.removeLast();
        if (blocks.isEmpty()) {
            kept.remove(size);
        }
        keptBytes -= size;
        return address;
    }

    private long fromDriver(long size) {
        try {
            leaveRoom(size);
            long address = obtain(() -> driver.cuMemAlloc(size));
            addresses.add(address);
            return address;
        } catch (CudaException failure) {
            throw failure.outOfMemory() ? worded(size, failure) : failure;
        }
    }

    private void leaveRoom(long size) {
        if (!kept.isEmpty() && driver.memoryInfo().free() - size < LIBRARIES) {
            returnKept();
        }
    }

    /// Does something that takes memory of the device on its own, and where that runs out, returns kept blocks
    /// to the driver and does it once again.
    ///
    /// @param work that has done nothing yet when its memory runs out
    void withRoom(Runnable work) {
        obtain(() -> {
            work.run();
            return 0;
        });
    }

    private long obtain(LongSupplier work) {
        try {
            return work.getAsLong();
        } catch (CudaException failure) {
            if (!failure.outOfMemory() || kept.isEmpty()) {
                throw failure;
            }
            returnKept();
            return work.getAsLong();
        }
    }

    private CudaException worded(long size, CudaException failure) {
        CudaDriver.MemoryInfo memory = driver.memoryInfo();
        var worded = new CudaException(
                failure.function(),
                failure.status(),
                "out of memory on the device: " + ByteSizes.words(size) + " asked for, "
                        + ByteSizes.words(memory.free()) + " of " + ByteSizes.words(memory.total())
                        + " free; lower --memory, or end other processes on the device (nvidia-smi lists them)",
                true);
        worded.initCause(failure);
        return worded;
    }

    private void giveBack(long address, long size) {
        if (closed) {
            return;
        }
        kept.computeIfAbsent(size, any -> new ArrayDeque<>()).addLast(address);
        keptBytes += size;
    }

    /// Bytes that are in no tensor's hands: the driver's and the kept ones.
    long freeBytes() {
        return driver.memoryInfo().free() + keptBytes;
    }

    /// Returns kept blocks to the driver. Work that is still to be done may read them, so it is waited for.
    private void returnKept() {
        driver.cuStreamSynchronize(stream);
        for (Deque<Long> blocks : kept.values()) {
            for (long address : blocks) {
                addresses.remove(address);
                driver.cuMemFree(address);
            }
        }
        kept.clear();
        keptBytes = 0;
    }

    /// Returns everything, tensors' memory too.
    @Override
    public void close() {
        closed = true;
        addresses.forEach(driver::cuMemFree);
        addresses.clear();
        kept.clear();
        keptBytes = 0;
    }
}
