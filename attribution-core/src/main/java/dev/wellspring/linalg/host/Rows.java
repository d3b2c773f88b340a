package dev.wellspring.linalg.host;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A tensor in host memory as rows along its last axis, which are read into and written from `double[]`.
///
/// Every loop of this backend works on such a copy of a row, or of a part of it, in the first-level cache: the
/// copy costs 0.1 to 0.2 ns an element, the arithmetic is in float64 whatever the type, and loops over arrays are
/// the ones that the JIT turns into vector instructions.
final class Rows {
    private static final ValueLayout.OfFloat FLOAT32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble FLOAT64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfShort BITS16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED;

    private final MemorySegment memory;
    private final DType type;
    private final long[] shape;
    private final long[] strides;

    private Rows(MemorySegment memory, DType type, long[] shape, long[] strides) {
        this.memory = memory;
        this.type = type;
        this.shape = shape;
        this.strides = strides;
    }

    /// The rows of a tensor along its last axis; a tensor without axes is one row of one element.
    static Rows of(Tensor tensor) {
        if (tensor.rank() == 0) {
            return contiguous(tensor.segment(), tensor.type(), 1);
        }
        long[] strides = new long[tensor.rank()];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = tensor.stride(axis);
        }
        return new Rows(tensor.segment(), tensor.type(), tensor.shape(), strides);
    }

    /// A block of memory as row-major rows of the given shape.
    static Rows contiguous(MemorySegment memory, DType type, long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return new Rows(memory, type, shape, strides);
    }

    DType type() {
        return type;
    }

    /// The number of rows.
    long count() {
        long count = 1;
        for (int axis = 0; axis < shape.length - 1; axis++) {
            count *= shape[axis];
        }
        return count;
    }

    /// The number of elements of a row.
    long width() {
        return shape[shape.length - 1];
    }

    /// The distance between two elements of a row, in elements.
    private long step() {
        return strides[strides.length - 1];
    }

    /// Where element `column` of a row lies, in bytes.
    private long address(long row, long column) {
        long offset = column * step();
        long rest = row;
        for (int axis = shape.length - 2; axis >= 0; axis--) {
            offset += rest % shape[axis] * strides[axis];
            rest /= shape[axis];
        }
        return offset * type.byteSize();
    }

    /// Columns `from` to `from + n` of a row into the start of `values`.
    void load(long row, long from, double[] values, int n) {
        if (n == 0) {
            return;
        }
        long start = address(row, from);
        if (step() == 1) {
            load(memory, type, start, values, n);
        } else {
            load(memory, type, start, step() * type.byteSize(), values, n);
        }
    }

    /// The start of `values` into columns `from` to `from + n` of a row, rounded to the type.
    void store(long row, long from, double[] values, int n) {
        if (n == 0) {
            return;
        }
        long start = address(row, from);
        if (step() == 1) {
            store(values, n, memory, type, start);
        } else {
            store(values, n, memory, type, start, step() * type.byteSize());
        }
    }

    /// Zeros in columns `from` to `to` of a row whose elements lie side by side.
    void clear(long row, long from, long to) {
        if (from < to) {
            memory.asSlice(address(row, from), (to - from) * type.byteSize()).fill((byte) 0);
        }
    }

    /// One element of an INT32 tensor.
    int integer(long row, long column) {
        return memory.get(INT32, address(row, column));
    }

    /// The bytes of one row whose elements lie side by side.
    MemorySegment bytes(long row) {
        return memory.asSlice(address(row, 0), width() * type.byteSize());
    }

    /// Whether the elements of a row lie side by side.
    boolean unitStep() {
        return width() <= 1 || step() == 1;
    }

    private static void load(MemorySegment memory, DType type, long start, double[] values, int n) {
        switch (type) {
            case FLOAT64 -> MemorySegment.copy(memory, FLOAT64, start, values, 0, n);
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    values[i] = memory.get(FLOAT32, start + 4L * i);
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    values[i] = Bfloat16.toFloat(memory.get(BITS16, start + 2L * i));
                }
            }
            case FLOAT16, INT32 -> load(memory, type, start, type.byteSize(), values, n);
        }
    }

    private static void load(MemorySegment memory, DType type, long start, long step, double[] values, int n) {
        for (int i = 0; i < n; i++) {
            long at = start + i * step;
            values[i] = switch (type) {
                case FLOAT64 -> memory.get(FLOAT64, at);
                case FLOAT32 -> memory.get(FLOAT32, at);
                case BFLOAT16 -> Bfloat16.toFloat(memory.get(BITS16, at));
                case FLOAT16 -> Float.float16ToFloat(memory.get(BITS16, at));
                case INT32 -> memory.get(INT32, at);
            };
        }
    }

    private static void store(double[] values, int n, MemorySegment memory, DType type, long start) {
        switch (type) {
            case FLOAT64 -> MemorySegment.copy(values, 0, memory, FLOAT64, start, n);
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    memory.set(FLOAT32, start + 4L * i, (float) values[i]);
                }
            }
            case BFLOAT16, FLOAT16, INT32 -> store(values, n, memory, type, start, type.byteSize());
        }
    }

    private static void store(double[] values, int n, MemorySegment memory, DType type, long start, long step) {
        for (int i = 0; i < n; i++) {
            long at = start + i * step;
            switch (type) {
                case FLOAT64 -> memory.set(FLOAT64, at, values[i]);
                case FLOAT32 -> memory.set(FLOAT32, at, (float) values[i]);
                case BFLOAT16 -> memory.set(BITS16, at, Bfloat16.fromDouble(values[i]));
                case FLOAT16 -> memory.set(BITS16, at, Float.floatToFloat16((float) values[i]));
                case INT32 -> memory.set(INT32, at, (int) values[i]);
            }
        }
    }
}
