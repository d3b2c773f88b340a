package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Transfer;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Tensors that wait in pinned memory of the host, which the host's backend reads and writes.
///
/// The device reads them in copies beside its computing, so these are waited for before the host writes; nothing
/// else reaches them while this process goes on.
final class Offloading {
    private final Gpu gpu;
    private final DeviceElements elements;
    private final LinearAlgebra host;

    Offloading(Gpu gpu, DeviceElements elements, LinearAlgebra host) {
        this.gpu = gpu;
        this.elements = elements;
        this.host = host;
    }

    static boolean holds(Tensor tensor) {
        return tensor.memory() instanceof HostMemory;
    }

    Tensor allocate(DType type, long... shape) {
        return Tensor.of(gpu.allocatePinned(byteSize(type, shape)), type, shape);
    }

    static long byteSize(DType type, long... shape) {
        long byteSize = type.byteSize();
        for (long size : shape) {
            byteSize = Math.multiplyExact(byteSize, size);
        }
        return byteSize;
    }

    void upload(MemorySegment source, DType sourceType, Tensor target) {
        gpu.synchroniseCopies();
        host.upload(source, sourceType, target);
    }

    void download(Tensor source, MemorySegment target, DType targetType) {
        host.download(source, target, targetType);
    }

    void fill(Tensor target, double value) {
        gpu.synchroniseCopies();
        host.fill(target, value);
    }

    /// Where at least one of the two is offloaded.
    void copy(Tensor source, Tensor target) {
        if (!holds(target)) {
            outOfTheHost(source, target);
        } else if (holds(source)) {
            gpu.synchroniseCopies();
            host.copy(source, target);
        } else {
            intoTheHost(source, target);
        }
    }

    private void outOfTheHost(Tensor source, Tensor target) {
        if (goesStraight(source, target)) {
            copyBeside(source, target).await();
            return;
        }
        if (source.isContiguous()) {
            elements.upload(bytes(source), source.type(), target);
            return;
        }
        try (Tensor whole = host.allocate(source.type(), source.shape())) {
            host.copy(source, whole);
            elements.upload(bytes(whole), whole.type(), target);
        }
    }

    private void intoTheHost(Tensor source, Tensor target) {
        gpu.synchroniseCopies();
        if (goesStraight(source, target)) {
            gpu.downloadPinned(DeviceElements.address(source), bytes(target));
            return;
        }
        if (target.isContiguous()) {
            elements.download(source, bytes(target), target.type());
            return;
        }
        try (Tensor whole = host.allocate(target.type(), target.shape())) {
            elements.download(source, bytes(whole), whole.type());
            host.copy(whole, target);
        }
    }

    /// Whether bytes only move, which the device does itself, without buffers between.
    private static boolean goesStraight(Tensor source, Tensor target) {
        return source.type() == target.type() && source.isContiguous() && target.isContiguous();
    }

    Transfer copyBeside(Tensor source, Tensor target) {
        if (!holds(source)) {
            throw new IllegalArgumentException("source: expected an offloaded tensor, got " + source
                    + " on the device; use copy, or allocateOffloaded for what waits");
        }
        DeviceMemory memory = DeviceMemory.of("target", target);
        return gpu.uploadBeside(
                bytes(source), memory, target.offset() * target.type().byteSize());
    }

    private static MemorySegment bytes(Tensor tensor) {
        return tensor.segment().asSlice(0, tensor.elementCount() * tensor.type().byteSize());
    }
}
