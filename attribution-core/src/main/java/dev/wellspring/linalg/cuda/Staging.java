package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.wellspring.linalg.cuda.library.CudaDriver;
import java.lang.foreign.MemorySegment;

/// The way between the host's memory and the device's. The device copies from and to pinned memory while this
/// process goes on; what lies elsewhere, in arrays or ordinary memory, passes through pinned buffers.
///
/// Uploads fill two in turn, one behind the other's transfer; a buffer takes many small uploads before it is waited
/// for.
/// Downloads wait anyway, and have a third.
final class Staging implements AutoCloseable {
    static final long BUFFER_BYTES = 16L << 20;

    /// Uploads begin at multiples of a cache line.
    private static final long STEP = 64;

    private final CudaDriver driver;
    private final long stream;
    private final Buffer[] uploads = new Buffer[2];
    private final MemorySegment download;
    private int filling;

    Staging(CudaDriver driver, long stream) {
        this.driver = driver;
        this.stream = stream;
        try (var closing = new Closing()) {
            for (int i = 0; i < uploads.length; i++) {
                Buffer buffer = new Buffer();
                closing.add(buffer::close);
                uploads[i] = buffer;
            }
            download = driver.cuMemAllocHost(BUFFER_BYTES);
            closing.keep();
        }
    }

    /// Pinned memory, and an event that has come when the device has read what was in it.
    private final class Buffer {
        private final MemorySegment memory = driver.cuMemAllocHost(BUFFER_BYTES);
        private final long read = driver.cuEventCreate(CudaDriver.CU_EVENT_DISABLE_TIMING);
        private long used;

        void empty() {
            driver.cuEventSynchronize(read);
            used = 0;
        }

        void close() {
            driver.cuEventDestroy(read);
            driver.cuMemFreeHost(memory);
        }
    }

    /// Copies all of `host`, which may be used again at once, to the device, in stream order.
    void upload(MemorySegment host, long address) {
        for (long done = 0; done < host.byteSize(); ) {
            Buffer buffer = bufferWithRoom();
            long bytes = Math.min(BUFFER_BYTES - buffer.used, host.byteSize() - done);
            MemorySegment part = buffer.memory.asSlice(buffer.used, bytes);
            MemorySegment.copy(host, done, part, 0, bytes);
            driver.cuMemcpyHtoDAsync(address + done, part, bytes, stream);
            buffer.used += Math.ceilDiv(bytes, STEP) * STEP;
            done += bytes;
        }
    }

    private Buffer bufferWithRoom() {
        if (uploads[filling].used >= BUFFER_BYTES) {
            driver.cuEventRecord(uploads[filling].read, stream);
            filling = 1 - filling;
            uploads[filling].empty();
        }
        return uploads[filling];
    }

    /// Copies `host.byteSize()` bytes from the device, after all work before.
    void download(long address, MemorySegment host) {
        for (long done = 0; done < host.byteSize(); ) {
            long bytes = Math.min(BUFFER_BYTES, host.byteSize() - done);
            driver.cuMemcpyDtoHAsync(download, address + done, bytes, stream);
            driver.cuStreamSynchronize(stream);
            MemorySegment.copy(download, JAVA_BYTE, 0, host, JAVA_BYTE, done, bytes);
            done += bytes;
        }
    }

    @Override
    public void close() {
        for (Buffer buffer : uploads) {
            buffer.close();
        }
        driver.cuMemFreeHost(download);
    }
}
