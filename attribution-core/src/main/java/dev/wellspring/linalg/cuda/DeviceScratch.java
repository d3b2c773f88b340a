package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/// Device memory for converted operands and for products on their way into a wider type. Each slot keeps its largest
/// block until the backend is closed.
final class DeviceScratch implements AutoCloseable {
    /// What a block is for; two purposes never share one.
    enum Slot {
        LEFT,
        RIGHT,
        RESULT,
        TRANSFER,
        PARTS,
        QUERIES,
        KEYS,
        VALUES,
        OUTPUTS,
        SCORES,
        PROBABILITIES,
        PROBABILITY_GRADIENTS,
        SCORE_GRADIENTS,
        GRADIENTS,
        KEY_SUMS,
        VALUE_SUMS,
        STATISTICS,
        CHECK
    }

    private final Gpu gpu;
    private final Map<Slot, DeviceMemory> blocks = new EnumMap<>(Slot.class);

    DeviceScratch(Gpu gpu) {
        this.gpu = gpu;
    }

    /// A tensor with arbitrary contents, valid until the slot is next asked for.
    Tensor take(Slot slot, DType type, long... shape) {
        long byteSize = type.byteSize();
        for (long size : shape) {
            byteSize = Math.multiplyExact(byteSize, size);
        }
        DeviceMemory block = blocks.get(slot);
        if (block == null || block.byteSize() < byteSize) {
            if (block != null) {
                block.close();
            }
            block = gpu.allocateUninitialised(byteSize);
            blocks.put(slot, block);
        }
        return Tensor.of(block, type, shape);
    }

    /// What is held, in bytes.
    long byteSize() {
        return blocks.values().stream().mapToLong(DeviceMemory::byteSize).sum();
    }

    @Override
    public void close() {
        blocks.values().forEach(DeviceMemory::close);
        blocks.clear();
    }
}
