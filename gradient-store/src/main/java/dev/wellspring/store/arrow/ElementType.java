package dev.wellspring.store.arrow;

/// The types of the values in our files; Arrow knows many more.
public enum ElementType {
    /// Of any length; its unit is the byte.
    UTF8(1),
    INT8(1),
    UINT16(2),
    INT32(4),
    FLOAT32(4),
    FLOAT64(8);

    private final int byteSize;

    ElementType(int byteSize) {
        this.byteSize = byteSize;
    }

    /// Bytes per value.
    int byteSize() {
        return byteSize;
    }
}
