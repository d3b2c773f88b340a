package dev.wellspring.linalg.host;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/// Memory for widened operands and for products on their way into a wider type. Each slot keeps its largest block
/// until the backend is closed: fresh memory would cost a page fault for every 4 KiB.
final class Scratch implements AutoCloseable {
    /// What a block is for; two purposes never share one.
    enum Slot {
        LEFT,
        RIGHT,
        RESULT
    }

    private final Map<Slot, HostMemory> blocks = new EnumMap<>(Slot.class);

    /// A tensor with arbitrary contents, valid until the slot is next asked for.
    Tensor take(Slot slot, DType type, long... shape) {
        long byteSize = type.byteSize();
        for (long size : shape) {
            byteSize = Math.multiplyExact(byteSize, size);
        }
        HostMemory block = blocks.get(slot);
        if (block == null || block.byteSize() < byteSize) {
            if (block != null) {
                block.close();
            }
            block = HostMemory.allocate(byteSize);
            blocks.put(slot, block);
        }
        return Tensor.of(block, type, shape);
    }

    @Override
    public void close() {
        blocks.values().forEach(HostMemory::close);
        blocks.clear();
    }
}
