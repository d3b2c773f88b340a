package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.DType;

/// An operand of a product in a device's memory: op(X), row-major (rows, columns).
///
/// @param address of the first element
/// @param transposed whether it lies in memory the other way round, as (columns, rows), row-major
/// @param leading elements from one row in memory to the next
/// @param batchStride elements from one matrix of a batch to the next; 0 repeats an operand
public record DeviceMatrix(
        DType type, long address, long rows, long columns, boolean transposed, long leading, long batchStride) {}
