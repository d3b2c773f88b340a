package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.Memory;

/// A block of a device's memory, 256-byte aligned.
public final class DeviceMemory implements Memory {
    private final long address;
    private final long byteSize;
    private final Runnable giveBack;
    private boolean closed;

    /// @param giveBack done once, when it is closed
    DeviceMemory(long address, long byteSize, Runnable giveBack) {
        this.address = address;
        this.byteSize = byteSize;
        this.giveBack = giveBack;
    }

    /// Of the first byte, as kernels see it.
    ///
    /// @throws IllegalStateException once closed: another tensor may have the block
    public long address() {
        if (closed) {
            throw new IllegalStateException(
                    "memory on the device: expected it open, got " + byteSize + " bytes closed");
        }
        return address;
    }

    @Override
    public long byteSize() {
        return byteSize;
    }

    /// Work that was asked for before still has the block: what is asked for later comes after it.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            giveBack.run();
        }
    }
}
