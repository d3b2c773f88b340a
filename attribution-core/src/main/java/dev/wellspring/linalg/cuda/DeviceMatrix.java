package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.DType;

/// An operand of a product in a device's memory: op(X), row-major (rows, columns).
///
/// @param address of the first element
/// @param transposed whether it lies in memory the other way round, as (columns, rows), row-major
/// @param leading elements from one row in memory to the next
/// @param batchStride elements from one matrix of a batch to the next; 0 repeats an operand
public record DeviceMatrix(
        DType type, long address, long rows, long columns, boolean transposed, long leading, long batchStride) {

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
