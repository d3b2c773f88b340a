package dev.wellspring.linalg.cpu;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A tensor's rows along its last axis, by address, for kernels that read and write memory as it lies.
///
/// What a segment would check at every access is checked here once: that the memory is open, and that every
/// row lies within it.
final class Lines {
    private final DType type;
    private final long base;
    private final long[] shape;
    private final long[] strides;

    private Lines(DType type, long base, long[] shape, long[] strides) {
        this.type = type;
        this.base = base;
        this.shape = shape;
        this.strides = strides;
    }

    /// Whether all are of this type, with elements of a row side by side.
    static boolean are(DType type, @Nullable Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor != null && (tensor.type() != type || !hasUnitStep(tensor))) {
                return false;
            }
        }
        return true;
    }

    /// Whether all are FLOAT32 or BFLOAT16, with elements of a row side by side.
    static boolean areNarrow(@Nullable Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor != null
                    && ((tensor.type() != DType.FLOAT32 && tensor.type() != DType.BFLOAT16) || !hasUnitStep(tensor))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasUnitStep(Tensor tensor) {
        int last = tensor.rank() - 1;
        return last < 0 || tensor.size(last) <= 1 || tensor.stride(last) == 1;
    }

    /// The rows of a tensor; one without axes is a row of one element.
    static Lines of(Tensor tensor) {
        int rank = tensor.rank();
        long[] strides = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            strides[axis] = tensor.stride(axis);
        }
        return rank == 0
                ? new Lines(tensor.type(), base(tensor), new long[] {1}, new long[] {1})
                : new Lines(tensor.type(), base(tensor), tensor.shape(), strides);
    }

    /// All elements of a contiguous tensor as one row.
    static Lines joined(Tensor tensor) {
        return new Lines(tensor.type(), base(tensor), new long[] {tensor.elementCount()}, new long[] {1});
    }

    private static long base(Tensor tensor) {
        MemorySegment memory = tensor.segment();
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("expected a tensor whose memory is open, got a closed one: " + tensor);
        }
        if (tensor.elementCount() > 0) {
            long last = 0;
            for (int axis = 0; axis < tensor.rank(); axis++) {
                last += (tensor.size(axis) - 1) * tensor.stride(axis);
            }
            memory.asSlice(last * tensor.type().byteSize(), tensor.type().byteSize());
        }
        return memory.address();
    }

    DType type() {
        return type;
    }

    /// The number of rows.
    long count() {
        long count = 1;
        for (int axis = 0; axis < shape.length - 1; axis++) {
            count *= shape[axis];
        }
        return count;
    }

    /// The number of elements of a row.
    long width() {
        return shape[shape.length - 1];
    }

    /// Where a row begins.
    long at(long row) {
        return at(row, 0);
    }

    /// Where an element of a row lies.
    long at(long row, long column) {
        long offset = column;
        long rest = row;
        for (int axis = shape.length - 2; axis > 0; axis--) {
            offset += rest % shape[axis] * strides[axis];
            rest /= shape[axis];
        }
        if (shape.length > 1) {
            offset += rest * strides[0];
        }
        return base + offset * type.byteSize();
    }
}
