package dev.wellspring.run.cost;

import dev.wellspring.tensor.DType;

/// Operations and bytes of some work.
///
/// @param operations multiplications and additions of products whose operands are narrower than FLOAT32
/// @param wideOperations of products with a FLOAT32 or FLOAT64 operand, which processors do at another rate
/// @param bytes moved between memory and processor
public record Cost(double operations, double wideOperations, double bytes) {
    /// No work.
    public static final Cost NOTHING = new Cost(0, 0, 0);

    /// Products of operands of one type.
    public static Cost products(DType type, double operations, double bytes) {
        boolean wide = type.byteSize() >= DType.FLOAT32.byteSize();
        return new Cost(wide ? 0 : operations, wide ? operations : 0, bytes);
    }

    /// Operations in any type.
    public double allOperations() {
        return operations + wideOperations;
    }

    /// One after the other.
    public Cost plus(Cost other) {
        return new Cost(operations + other.operations, wideOperations + other.wideOperations, bytes + other.bytes);
    }

    /// So many times.
    public Cost times(double factor) {
        return new Cost(operations * factor, wideOperations * factor, bytes * factor);
    }
}
