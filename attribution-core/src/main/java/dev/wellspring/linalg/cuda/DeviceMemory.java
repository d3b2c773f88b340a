package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.Memory;

/// A block of a device's memory, 256-byte aligned.
@SuppressWarnings("DoNotCallSuggester")
public final class DeviceMemory implements Memory {
    private final long address;
    private final long byteSize;

    DeviceMemory(long address, long byteSize) {
        this.address = address;
        this.byteSize = byteSize;
    }

    /// Of the first byte, as kernels see it.
    public long address() {
        return address;
    }

    @Override
    public long byteSize() {
        return byteSize;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
