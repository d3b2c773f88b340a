package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// A batch of matrices that lie at two strides, such as those of heads within documents. Matrix i begins at
/// `address + (i / inner)·outerStride + (i % inner / sharing)·innerStride`, the strides in bytes.
///
/// @param matrix shape and row stride of each; its own address and batch stride say nothing
/// @param inner matrices of one document
/// @param sharing how many matrices after one another are the same one
record Heads(DeviceMatrix matrix, long address, long outerStride, long inner, long sharing, long innerStride) {
    /// The rows of documents in a packed tensor, by heads.
    ///
    /// @param packed (R, H, d)
    /// @param firstRow where the first document begins
    /// @param length rows of each document
    /// @param firstHead the first head's place
    /// @param headStep from one head to the next
    /// @param inner matrices of a document
    /// @param sharing how many matrices share a head
    static Heads packed(
            Tensor packed,
            long firstRow,
            int length,
            int firstHead,
            int headStep,
            long inner,
            long sharing,
            boolean transposed) {
        long width = packed.size(2);
        long leading = Math.max(packed.stride(0), width);
        int size = packed.type().byteSize();
        long start = firstRow * packed.stride(0) + firstHead * packed.stride(1);
        return new Heads(
                matrix(packed.type(), length, width, transposed, leading),
                DeviceElements.address(packed) + start * size,
                (long) length * packed.stride(0) * size,
                inner,
                sharing,
                headStep * packed.stride(1) * size);
    }

    /// Every `step`-th of contiguous matrices (B, rows, columns), from the one at `first` on.
    static Heads stacked(Tensor matrices, int step, int first, boolean transposed) {
        long rows = matrices.size(1);
        long columns = matrices.size(2);
        long bytes = rows * columns * matrices.type().byteSize();
        return new Heads(
                matrix(matrices.type(), rows, columns, transposed, columns),
                DeviceElements.address(matrices) + first * bytes,
                step * bytes,
                1,
                1,
                0);
    }

    private static DeviceMatrix matrix(DType type, long rows, long columns, boolean transposed, long leading) {
        return transposed
                ? new DeviceMatrix(type, 0, columns, rows, true, leading, 0)
                : new DeviceMatrix(type, 0, rows, columns, false, leading, 0);
    }
}
