package dev.wellspring.model.checkpoint;

import dev.wellspring.tensor.DType;
import java.util.Optional;

/// The element types a safetensors file may name. Only some have a [DType]; the others can be listed and copied, but
/// not computed with.
public enum StoredType {
    F64(8, DType.FLOAT64),
    F32(4, DType.FLOAT32),
    F16(2, DType.FLOAT16),
    BF16(2, DType.BFLOAT16),
    I32(4, DType.INT32),
    I64(8),
    I16(2),
    I8(1),
    U64(8),
    U32(4),
    U16(2),
    U8(1),
    BOOL(1),
    F8_E5M2(1),
    F8_E4M3(1),
    F8_E8M0(1),
    C64(8);

    private final int byteSize;
    private final Optional<DType> type;

    StoredType(int byteSize) {
        this.byteSize = byteSize;
        this.type = Optional.empty();
    }

    StoredType(int byteSize, DType type) {
        this.byteSize = byteSize;
        this.type = Optional.of(type);
    }

    /// The stored form of an element type.
    public static StoredType of(DType type) {
        return switch (type) {
            case FLOAT64 -> F64;
            case FLOAT32 -> F32;
            case FLOAT16 -> F16;
            case BFLOAT16 -> BF16;
            case INT32 -> I32;
        };
    }

    /// Bytes per element.
    public int byteSize() {
        return byteSize;
    }

    /// The type to read it as, if there is one.
    public Optional<DType> type() {
        return type;
    }
}
