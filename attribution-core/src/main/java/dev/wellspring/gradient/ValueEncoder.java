package dev.wellspring.gradient;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Numbers into stored bytes and back.
final class ValueEncoder {
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BITS16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LARGEST_INT8 = 127;

    private ValueEncoder() {}

    /// Writes numbers, and leaves in their place what will be read.
    ///
    /// @param values from `from` on, `count` of them
    /// @param target their bytes begin at `at`
    /// @return the scale, 1 where the precision has none
    static float encode(double[] values, int from, int count, Precision precision, MemorySegment target, long at) {
        return switch (precision) {
            case FLOAT64 -> {
                MemorySegment.copy(values, from, target, FLOAT64, at, count);
                yield 1;
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    float value = (float) values[from + i];
                    target.set(FLOAT32, at + 4L * i, value);
                    values[from + i] = value;
                }
                yield 1;
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    short bits = Bfloat16.fromDouble(values[from + i]);
                    target.set(BITS16, at + 2L * i, bits);
                    values[from + i] = Bfloat16.toFloat(bits);
                }
                yield 1;
            }
            case INT8 -> encodeInt8(values, from, count, target, at);
        };
    }

    /// NaN and infinities have no whole number: their document gets the scale NaN, so that its scores are NaN too.
    private static float encodeInt8(double[] values, int from, int count, MemorySegment target, long at) {
        double largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(values[i])); // NaN stays NaN
        }
        float scale = Double.isInfinite(largest) ? Float.NaN : (float) (largest / LARGEST_INT8);
        for (int i = 0; i < count; i++) {
            long whole = scale > 0 ? Math.round(values[from + i] / scale) : 0;
            byte stored = (byte) Math.clamp(whole, -LARGEST_INT8, LARGEST_INT8);
            target.set(ValueLayout.JAVA_BYTE, at + i, stored);
            values[from + i] = (double) scale * stored;
        }
        return scale;
    }

    /// Reads the numbers of one row.
    ///
    /// @param bytes (rows, values.length) in `precision`
    /// @param scales (rows) FLOAT32, or null where the precision has none
    static void decode(
            MemorySegment bytes, Precision precision, @Nullable MemorySegment scales, int row, double[] values) {
        int count = values.length;
        long at = (long) row * count * precision.byteSize();
        switch (precision) {
            case FLOAT64 -> MemorySegment.copy(bytes, FLOAT64, at, values, 0, count);
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = bytes.get(FLOAT32, at + 4L * i);
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Bfloat16.toFloat(bytes.get(BITS16, at + 2L * i));
                }
            }
            case INT8 -> {
                double scale = scales == null ? 1 : scales.get(FLOAT32, 4L * row);
                for (int i = 0; i < count; i++) {
                    values[i] = scale * bytes.get(ValueLayout.JAVA_BYTE, at + i);
                }
            }
        }
    }
}
