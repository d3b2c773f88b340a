package dev.wellspring.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the numbers of a stored gradient are kept, all little-endian.
public enum Precision {
    /// IEEE 754 binary64.
    FLOAT64(8),
    /// IEEE 754 binary32.
    FLOAT32(4),
    /// The upper half of a binary32, rounded to nearest, ties to even.
    BFLOAT16(2),
    /// Whole numbers from −127 to 127, times a float32 scale that the numbers of one document and module share.
    INT8(1);

    private final int byteSize;

    Precision(int byteSize) {
        this.byteSize = byteSize;
    }

    /// Bytes per number.
    public int byteSize() {
        return byteSize;
    }

    /// Whether numbers are multiples of a scale.
    public boolean hasScales() {
        return this == INT8;
    }

    /// The name in files and on the command line: lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The precision of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Precision parse(String word) {
        return Arrays.stream(values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected "
                        + Arrays.stream(values()).map(Precision::word).collect(Collectors.joining(", "))
                        + ", got \"" + word + "\""));
    }
}
