package dev.wellspring.linalg.host;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// One FLOAT32, FLOAT64 or BFLOAT16 matrix as BLAS knows it: stored row-major with a leading dimension, and
/// read as it is or transposed.
///
/// @param memory begins at the first element
/// @param rows as read
/// @param columns as read
/// @param leading the distance between two stored rows, in elements
/// @param transposed whether the stored matrix is (columns, rows)
public record Matrix(MemorySegment memory, DType type, int rows, int columns, int leading, boolean transposed) {
    /// Whether BLAS can read the tensor where it lies: no stride of zero, and rows or columns side by side.
    public static boolean fits(Tensor tensor) {
        return (tensor.type() == DType.FLOAT32 || tensor.type() == DType.FLOAT64 || tensor.type() == DType.BFLOAT16)
                && (fits(tensor.size(0), tensor.stride(0), tensor.size(1), tensor.stride(1))
                        || fits(tensor.size(1), tensor.stride(1), tensor.size(0), tensor.stride(0)));
    }

    private static boolean fits(long rows, long rowStride, long columns, long columnStride) {
        return (columns == 1 || columnStride == 1)
                && (rows == 1 || rowStride >= columns)
                && rowStride <= Integer.MAX_VALUE;
    }

    /// The matrix in a tensor of rank 2 that [#fits].
    public static Matrix of(Tensor tensor) {
        int rows = tensor.length(0);
        int columns = tensor.length(1);
        boolean straight = fits(rows, tensor.stride(0), columns, tensor.stride(1));
        long stride = straight ? tensor.stride(0) : tensor.stride(1);
        int least = Math.max(1, straight ? columns : rows);
        int leading = (straight ? rows : columns) == 1 ? least : Math.toIntExact(stride);
        return new Matrix(tensor.segment(), tensor.type(), rows, columns, leading, !straight);
    }

    /// The transpose.
    public Matrix turned() {
        return new Matrix(memory, type, /* rows= */ columns, /* columns= */ rows, leading, !transposed);
    }

    /// Rows `from` (inclusive) to `to` (exclusive), as read.
    public Matrix rows(int from, int to) {
        long skip = transposed ? from : (long) from * leading;
        return new Matrix(memory.asSlice(skip * type.byteSize()), type, to - from, columns, leading, transposed);
    }

    /// Columns `from` (inclusive) to `to` (exclusive), as read.
    public Matrix columns(int from, int to) {
        long skip = transposed ? (long) from * leading : from;
        return new Matrix(memory.asSlice(skip * type.byteSize()), type, rows, to - from, leading, transposed);
    }

    /// The number of stored rows.
    public int storedRows() {
        return transposed ? columns : rows;
    }

    /// The number of stored columns.
    public int storedColumns() {
        return transposed ? rows : columns;
    }

    /// The stored bytes from the first element to the last.
    public MemorySegment bytes() {
        return memory.asSlice(0, ((long) (storedRows() - 1) * leading + storedColumns()) * type.byteSize());
    }
}
