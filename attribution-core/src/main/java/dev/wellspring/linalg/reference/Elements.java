package dev.wellspring.linalg.reference;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The elements of tensors in host memory as arrays in row-major order, whatever their strides and type.
final class Elements {
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort FLOAT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Elements() {}

    /// All elements of a floating-point tensor.
    static double[] read(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        MemorySegment memory = tensor.segment();
        forRuns(
                tensor,
                (start, stride, position, length) ->
                        read(memory, tensor.type(), start, stride, values, position, length));
        return values;
    }

    /// beta times all elements; zeros, without reading, when beta is 0.
    static double[] readScaled(double beta, Tensor tensor) {
        if (beta == 0) {
            return new double[Math.toIntExact(tensor.elementCount())];
        }
        double[] values = read(tensor);
        for (int i = 0; i < values.length; i++) {
            values[i] *= beta;
        }
        return values;
    }

    /// The first `count` elements of a block of one floating-point type.
    static double[] read(MemorySegment memory, DType type, long count) {
        double[] values = new double[Math.toIntExact(count)];
        read(memory, type, 0, 1, values, 0, values.length);
        return values;
    }

    /// Every element of a floating-point tensor, rounded to its type.
    static void write(double[] values, Tensor tensor) {
        MemorySegment memory = tensor.segment();
        forRuns(
                tensor,
                (start, stride, position, length) ->
                        write(values, position, length, memory, tensor.type(), start, stride));
    }

    /// Values one after the other into a block of one floating-point type.
    static void write(double[] values, MemorySegment memory, DType type) {
        write(values, 0, values.length, memory, type, 0, 1);
    }

    /// All elements of an INT32 tensor.
    static int[] readInts(Tensor tensor) {
        int[] values = new int[Math.toIntExact(tensor.elementCount())];
        MemorySegment memory = tensor.segment();
        forRuns(tensor, (start, stride, position, length) -> {
            for (int i = 0; i < length; i++) {
                values[position + i] = memory.getAtIndex(INT32, start + i * stride);
            }
        });
        return values;
    }

    /// Every element of an INT32 tensor.
    static void writeInts(int[] values, Tensor tensor) {
        MemorySegment memory = tensor.segment();
        forRuns(tensor, (start, stride, position, length) -> {
            for (int i = 0; i < length; i++) {
                memory.setAtIndex(INT32, start + i * stride, values[position + i]);
            }
        });
    }

    /// The first `count` integers of a block.
    static int[] readInts(MemorySegment memory, long count) {
        int[] values = new int[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getAtIndex(INT32, i);
        }
        return values;
    }

    /// Integers one after the other into a block.
    static void writeInts(int[] values, MemorySegment memory) {
        for (int i = 0; i < values.length; i++) {
            memory.setAtIndex(INT32, i, values[i]);
        }
    }

    private static void read(
            MemorySegment memory, DType type, long start, long stride, double[] values, int position, int length) {
        switch (type) {
            case FLOAT64 -> {
                for (int i = 0; i < length; i++) {
                    values[position + i] = memory.getAtIndex(FLOAT64, start + i * stride);
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < length; i++) {
                    values[position + i] = memory.getAtIndex(FLOAT32, start + i * stride);
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < length; i++) {
                    values[position + i] = Bfloat16.toFloat(memory.getAtIndex(FLOAT16, start + i * stride));
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < length; i++) {
                    values[position + i] = Float.float16ToFloat(memory.getAtIndex(FLOAT16, start + i * stride));
                }
            }
            case INT32 -> throw new IllegalArgumentException("expected a floating-point type, got INT32");
        }
    }

    private static void write(
            double[] values, int position, int length, MemorySegment memory, DType type, long start, long stride) {
        switch (type) {
            case FLOAT64 -> {
                for (int i = 0; i < length; i++) {
                    memory.setAtIndex(FLOAT64, start + i * stride, values[position + i]);
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < length; i++) {
                    memory.setAtIndex(FLOAT32, start + i * stride, (float) values[position + i]);
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < length; i++) {
                    memory.setAtIndex(FLOAT16, start + i * stride, Bfloat16.fromDouble(values[position + i]));
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < length; i++) {
                    short bits = Float.floatToFloat16((float) values[position + i]);
                    memory.setAtIndex(FLOAT16, start + i * stride, bits);
                }
            }
            case INT32 -> throw new IllegalArgumentException("expected a floating-point type, got INT32");
        }
    }

    /// Calls `body` for each run along the last axis, in row-major order.
    private static void forRuns(Tensor tensor, RunBody body) {
        if (tensor.elementCount() > 0) {
            walk(tensor, 0, 0, 0, body);
        }
    }

    private static int walk(Tensor tensor, int axis, long start, int position, RunBody body) {
        if (axis >= tensor.rank() - 1) {
            int length = tensor.rank() == 0 ? 1 : tensor.length(axis);
            body.accept(start, tensor.rank() == 0 ? 1 : tensor.stride(axis), position, length);
            return position + length;
        }
        int next = position;
        for (long i = 0; i < tensor.size(axis); i++) {
            next = walk(tensor, axis + 1, start + i * tensor.stride(axis), next, body);
        }
        return next;
    }

    /// One run along the last axis: where it starts in the tensor's memory and in row-major order.
    @FunctionalInterface
    private interface RunBody {
        void accept(long start, long stride, int position, int length);
    }
}
