package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The arguments of one launch of a kernel, in the order of its parameters. They are written outside the heap,
/// to places of which the addresses never change, so that a launch allocates nothing.
///
/// A tensor is the kernels' struct `View`, 80 bytes, all little-endian:
///
/// | bytes | field | |
/// |---|---|---|
/// | 0–7 | `char *data` | the first element |
/// | 8–11 | `int type` | 0 FLOAT32, 1 FLOAT64, 2 BFLOAT16, 3 FLOAT16, 4 INT32 |
/// | 12–15 | `int rank` | 0 to 4 |
/// | 16–47 | `long long size[4]` | 1 behind the last axis |
/// | 48–79 | `long long stride[4]` | in elements; 0 behind the last axis |
public final class KernelArguments {
    /// The most axes that a view has.
    public static final int MOST_AXES = 4;

    static final long VIEW_BYTES = 80;

    private static final int MOST = 32;
    private static final long TYPE = 8;
    private static final long RANK = 12;
    private static final long SIZES = 16;
    private static final long STRIDES = 48;

    private final MemorySegment values;
    private final MemorySegment addresses;
    private int count;

    /// @param arena lives as long as they are used
    KernelArguments(Arena arena) {
        values = arena.allocate(MOST * VIEW_BYTES, 16);
        addresses = arena.allocate(ADDRESS, MOST);
        for (int i = 0; i < MOST; i++) {
            addresses.setAtIndex(ADDRESS, i, values.asSlice(i * VIEW_BYTES));
        }
    }

    KernelArguments clear() {
        count = 0;
        return this;
    }

    /// A tensor as the kernels' struct `View`; null is one whose `data` is 0.
    ///
    /// @throws IllegalArgumentException when it has more than four axes, or its memory is not a device's
    public KernelArguments view(@Nullable Tensor tensor) {
        long place = next();
        values.asSlice(place, VIEW_BYTES).fill((byte) 0);
        if (tensor == null) {
            return this;
        }
        if (tensor.rank() > MOST_AXES) {
            throw new IllegalArgumentException(
                    "argument " + count + ": expected a tensor of at most " + MOST_AXES + " axes, got " + tensor);
        }
        DeviceMemory memory = DeviceMemory.of("argument " + count, tensor);
        long bytesBefore = tensor.offset() * tensor.type().byteSize();
        values.set(JAVA_LONG, place, memory.address() + bytesBefore);
        values.set(JAVA_INT, place + TYPE, code(tensor.type()));
        values.set(JAVA_INT, place + RANK, tensor.rank());
        for (int axis = 0; axis < MOST_AXES; axis++) {
            boolean there = axis < tensor.rank();
            values.set(JAVA_LONG, place + SIZES + (long) axis * Long.BYTES, there ? tensor.size(axis) : 1);
            values.set(JAVA_LONG, place + STRIDES + (long) axis * Long.BYTES, there ? tensor.stride(axis) : 0);
        }
        return this;
    }

    private static int code(DType type) {
        return switch (type) {
            case FLOAT32 -> 0;
            case FLOAT64 -> 1;
            case BFLOAT16 -> 2;
            case FLOAT16 -> 3;
            case INT32 -> 4;
        };
    }

    /// An `int`.
    public KernelArguments integer(int value) {
        values.set(JAVA_INT, next(), value);
        return this;
    }

    /// A `long long`.
    public KernelArguments whole(long value) {
        values.set(JAVA_LONG, next(), value);
        return this;
    }

    /// A `double`.
    public KernelArguments number(double value) {
        values.set(JAVA_DOUBLE, next(), value);
        return this;
    }

    /// A pointer into the device's memory.
    public KernelArguments address(long value) {
        return whole(value);
    }

    private long next() {
        if (count == MOST) {
            throw new IllegalStateException("arguments: expected at most " + MOST + " for one kernel");
        }
        return count++ * VIEW_BYTES;
    }

    /// How many there are.
    int count() {
        return count;
    }

    /// The bytes of one.
    MemorySegment argument(int index) {
        return values.asSlice(index * VIEW_BYTES, VIEW_BYTES);
    }

    /// `void *[]`, the addresses of the arguments.
    MemorySegment addresses() {
        return addresses;
    }
}
