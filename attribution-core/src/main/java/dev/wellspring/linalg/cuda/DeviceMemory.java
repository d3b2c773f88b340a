package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.Transfer;
import dev.wellspring.tensor.Memory;
import dev.wellspring.tensor.Tensor;

/// A block of a device's memory, 256-byte aligned.
public final class DeviceMemory implements Memory {
    private final long address;
    private final long byteSize;
    private final Runnable giveBack;
    private Transfer arriving = Transfer.DONE;
    private boolean closed;

    /// @param giveBack done once, when it is closed
    DeviceMemory(long address, long byteSize, Runnable giveBack) {
        this.address = address;
        this.byteSize = byteSize;
        this.giveBack = giveBack;
    }

    /// The memory of an operand.
    ///
    /// @throws IllegalArgumentException when it is not on a device
    static DeviceMemory of(String name, Tensor tensor) {
        if (tensor.memory() instanceof DeviceMemory memory) {
            return memory;
        }
        throw new IllegalArgumentException(name + ": expected a tensor on the device, got " + tensor
                + " in the host's memory; copy it to one on the device first");
    }

    /// The last copy into the block that another stream does: the block is nobody else's before it is done.
    void arrives(Transfer transfer) {
        arriving = transfer;
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
            arriving.await();
            giveBack.run();
        }
    }
}
