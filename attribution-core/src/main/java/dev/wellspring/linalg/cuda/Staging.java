package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.cuda.library.CudaDriver;
import java.lang.foreign.MemorySegment;

/// The way between the host's memory and the device's. The device copies from and to pinned memory while this
/// process goes on; what lies elsewhere, in arrays or ordinary memory, passes through pinned buffers.
///
/// Uploads fill two in turn, one behind the other's transfer; a buffer takes many small uploads before it is
/// waited for. Downloads have two more, of which one is read behind the other's transfer.
final class Staging implements AutoCloseable {
    static final long BUFFER_BYTES = 16L << 20;

    /// Uploads begin at multiples of a cache line.
    private static final long STEP = 64;

    private final CudaDriver driver;
    private final long stream;
    private final Buffer[] uploads = new Buffer[2];
    private final Buffer[] downloads = new Buffer[2];
    private int filling;

    Staging(CudaDriver driver, long stream) {
        this.driver = driver;
        this.stream = stream;
        try (var closing = new Closing()) {
            for (Buffer[] pair : new Buffer[][] {uploads, downloads}) {
                for (int i = 0; i < pair.length; i++) {
                    Buffer buffer = new Buffer();
                    closing.add(buffer);
                    pair[i] = buffer;
                }
            }
            closing.keep();
        }
    }

    /// Pinned memory, and an event that has come when the device is done with what it was last asked to do there.
    private final class Buffer implements AutoCloseable {
        private final MemorySegment memory = driver.cuMemAllocHost(BUFFER_BYTES);
        private final long done = driver.cuEventCreate(CudaDriver.CU_EVENT_DISABLE_TIMING);
        private long used;

        void empty() {
            driver.cuEventSynchronize(done);
            used = 0;
        }

        @Override
        public void close() {
            driver.cuEventDestroy(done);
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
            driver.cuEventRecord(uploads[filling].done, stream);
            filling = 1 - filling;
            uploads[filling].empty();
        }
        return uploads[filling];
    }

    /// Copies `host.byteSize()` bytes from the device, after all work before.
    void download(long address, MemorySegment host) {
        long size = host.byteSize();
        Buffer buffer = downloads[0];
        Buffer next = downloads[1];
        fetch(address, 0, size, buffer);
        for (long from = 0; from < size; from += BUFFER_BYTES) {
            fetch(address, from + BUFFER_BYTES, size, next);
            driver.cuEventSynchronize(buffer.done);
            long bytes = Math.min(BUFFER_BYTES, size - from);
            MemorySegment.copy(buffer.memory, JAVA_BYTE, 0, host, JAVA_BYTE, from, bytes);
            Buffer read = buffer;
            buffer = next;
            next = read;
        }
    }

    /// Asks for the part of `size` bytes that begins at `from`, if there is one.
    private void fetch(long address, long from, long size, Buffer buffer) {
        if (from < size) {
            long bytes = Math.min(BUFFER_BYTES, size - from);
            driver.cuMemcpyDtoHAsync(buffer.memory, address + from, bytes, stream);
            driver.cuEventRecord(buffer.done, stream);
        }
    }

    /// The same into pinned memory, which the device writes itself.
    void downloadPinned(long address, MemorySegment pinned) {
        if (pinned.byteSize() > 0) {
            driver.cuMemcpyDtoHAsync(pinned, address, pinned.byteSize(), stream);
            driver.cuStreamSynchronize(stream);
        }
    }

    @Override
    public void close() {
        for (Buffer[] pair : new Buffer[][] {uploads, downloads}) {
            for (Buffer buffer : pair) {
                buffer.close();
            }
        }
    }
}
