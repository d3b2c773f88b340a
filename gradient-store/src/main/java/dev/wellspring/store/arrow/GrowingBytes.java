package dev.wellspring.store.arrow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Bytes that are appended to, little-endian, and used again for the next batch.
final class GrowingBytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[64];
    private int size;

    /// The bytes; only the first [#size] of them count.
    byte[] array() {
        return bytes;
    }

    /// A copy of the bytes.
    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    void put(MemorySegment more) {
        int length = Math.toIntExact(more.byteSize());
        reserve(length);
        MemorySegment.copy(more, ValueLayout.JAVA_BYTE, 0, bytes, size, length);
        size += length;
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        INT.set(bytes, size, value);
        size += Integer.BYTES;
    }

    void putFloat(float value) {
        putInt(Float.floatToIntBits(value));
    }

    void putDouble(double value) {
        reserve(Long.BYTES);
        LONG.set(bytes, size, Double.doubleToLongBits(value));
        size += Long.BYTES;
    }

    /// Bit `index`, least significant bit first, of a bitmap that grows in order.
    void putBit(int index, boolean value) {
        if (index % Byte.SIZE == 0) {
            reserve(1);
            bytes[size++] = 0;
        }
        if (value) {
            bytes[size - 1] |= (byte) (1 << (index % Byte.SIZE));
        }
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 8L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
        }
    }
}
