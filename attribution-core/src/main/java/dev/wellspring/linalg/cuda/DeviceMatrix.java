package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// An operand of a product in a device's memory: op(X), row-major (rows, columns).
///
/// @param address of the first element
/// @param transposed whether it lies in memory the other way round, as (columns, rows), row-major
/// @param leading elements from one row in memory to the next
/// @param batchStride elements from one matrix of a batch to the next; 0 repeats an operand
public record DeviceMatrix(
        DType type, long address, long rows, long columns, boolean transposed, long leading, long batchStride) {
    /// Whether products can read a tensor (batch, rows, columns) where it lies: rows or columns side by side.
    static boolean fits(Tensor tensor) {
        return liesStraight(tensor) || liesStraight(tensor.transposed());
    }

    /// The matrices of a tensor (batch, rows, columns) that [#fits].
    static DeviceMatrix of(Tensor tensor) {
        boolean transposed = !liesStraight(tensor);
        Tensor stored = transposed ? tensor.transposed() : tensor;
        long least = Math.max(1, stored.size(2));
        long leading = stored.size(1) == 1 ? least : stored.stride(1);
        long batchStride = tensor.size(0) == 1 ? 0 : tensor.stride(0);
        return new DeviceMatrix(
                tensor.type(),
                DeviceElements.address(tensor),
                tensor.size(1),
                tensor.size(2),
                transposed,
                leading,
                batchStride);
    }

    private static boolean liesStraight(Tensor tensor) {
        boolean together = tensor.size(2) == 1 || tensor.stride(2) == 1;
        boolean apart = tensor.size(1) == 1 || tensor.stride(1) >= tensor.size(2);
        return together && apart && tensor.stride(1) <= Integer.MAX_VALUE;
    }

    /// The same numbers in memory read the other way round.
    DeviceMatrix flipped() {
        return new DeviceMatrix(
                type, address, /* rows= */ columns, /* columns= */ rows, !transposed, leading, batchStride);
    }

    /// Elements in one row in memory.
    long storedColumns() {
        return transposed ? rows : columns;
    }

    /// Rows in memory.
    long storedRows() {
        return transposed ? columns : rows;
    }

    @Override
    public String toString() {
        return type + "[" + rows + ", " + columns + "]" + (transposed ? " transposed" : "") + " leading " + leading;
    }
}
