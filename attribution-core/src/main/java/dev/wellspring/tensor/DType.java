package dev.wellspring.tensor;

/// The element types that tensors and checkpoints hold, all little-endian.
public enum DType {
    /// IEEE 754 binary32.
    FLOAT32(4),
    /// IEEE 754 binary64.
    FLOAT64(8),
    /// The upper half of a binary32: 8 exponent bits, 7 fraction bits; conversions round to nearest, ties to even.
    BFLOAT16(2),
    /// IEEE 754 binary16; only found in checkpoints, never computed with.
    FLOAT16(2),
    /// Signed 32-bit integers: token ids, positions, offsets.
    INT32(4);

    private final int byteSize;

    DType(int byteSize) {
        this.byteSize = byteSize;
    }

    /// Bytes per element.
    public int byteSize() {
        return byteSize;
    }

    /// The type that products of numbers of this type are summed in: FLOAT64 for FLOAT64, else FLOAT32.
    public DType sumType() {
        return this == FLOAT64 ? FLOAT64 : FLOAT32;
    }
}
