package dev.wellspring.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A view of a backend's [Memory]: an element type, a shape, and one stride per axis, counted in elements.
///
/// Element `(i, j, k)` lies at `offset + i·stride(0) + j·stride(1) + k·stride(2)`. Views (`slice`, `select`,
/// `reshape`, `transposed`) share the memory and cost nothing. An axis may have size zero. Instances are
/// immutable; their contents are not. Closing a tensor closes its memory, so only the one that allocated it
/// should.
public final class Tensor implements AutoCloseable {
    private final Memory memory;
    private final DType type;
    private final long offset;
    private final long[] shape;
    private final long[] strides;

    private Tensor(Memory memory, DType type, long offset, long[] shape, long[] strides) {
        this.memory = memory;
        this.type = type;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
    }

    /// A row-major tensor over the start of `memory`, which must be large enough.
    public static Tensor of(Memory memory, DType type, long... shape) {
        long count = count(shape);
        if (count * type.byteSize() > memory.byteSize()) {
            throw new IllegalArgumentException("memory: a tensor of shape " + Arrays.toString(shape) + " and type "
                    + type + " needs " + count * type.byteSize() + " bytes, got " + memory.byteSize());
        }
        return new Tensor(memory, type, 0, shape.clone(), rowMajor(shape));
    }

    /// The bytes this tensor is a view of.
    public Memory memory() {
        return memory;
    }

    /// The element type.
    public DType type() {
        return type;
    }

    /// Where the first element lies in the memory, in elements.
    public long offset() {
        return offset;
    }

    /// The number of axes.
    public int rank() {
        return shape.length;
    }

    /// The size of one axis.
    public long size(int axis) {
        return shape[axis];
    }

    /// The size of one axis, for callers that count in int.
    public int length(int axis) {
        return Math.toIntExact(shape[axis]);
    }

    /// The distance, in elements, between neighbours along one axis.
    public long stride(int axis) {
        return strides[axis];
    }

    /// A copy of the shape.
    public long[] shape() {
        return shape.clone();
    }

    /// The number of elements in view.
    public long elementCount() {
        return count(shape);
    }

    /// Whether the elements lie one after the other in row-major order.
    public boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= shape[axis];
        }
        return true;
    }

    /// Elements `from` (inclusive) to `to` (exclusive) of one axis.
    public Tensor slice(int axis, long from, long to) {
        if (from < 0 || to < from || to > shape[axis]) {
            throw new IndexOutOfBoundsException("slice of axis " + axis + ": expected 0 <= from <= to <= " + shape[axis]
                    + ", got " + from + " to " + to);
        }
        long[] sliced = shape.clone();
        sliced[axis] = to - from;
        return new Tensor(memory, type, offset + from * strides[axis], sliced, strides);
    }

    /// The first `count` rows: a slice of axis 0.
    public Tensor rows(long count) {
        return slice(0, 0, count);
    }

    /// Rows `from` (inclusive) to `to` (exclusive): a slice of axis 0.
    public Tensor rows(long from, long to) {
        return slice(0, from, to);
    }

    /// Columns `from` (inclusive) to `to` (exclusive): a slice of the last axis.
    public Tensor columns(long from, long to) {
        return slice(rank() - 1, from, to);
    }

    /// One element of an axis, which the view then lacks.
    public Tensor select(int axis, long index) {
        if (index < 0 || index >= shape[axis]) {
            throw new IndexOutOfBoundsException(
                    "index on axis " + axis + ": expected 0 to " + (shape[axis] - 1) + ", got " + index);
        }
        return new Tensor(memory, type, offset + index * strides[axis], without(shape, axis), without(strides, axis));
    }

    /// The last two axes exchanged.
    public Tensor transposed() {
        return swapped(rank() - 2, rank() - 1);
    }

    /// Two axes exchanged.
    public Tensor swapped(int first, int second) {
        long[] newShape = shape.clone();
        long[] newStrides = strides.clone();
        newShape[first] = shape[second];
        newShape[second] = shape[first];
        newStrides[first] = strides[second];
        newStrides[second] = strides[first];
        return new Tensor(memory, type, offset, newShape, newStrides);
    }

    /// The same elements in row-major order under another shape; the tensor must be contiguous.
    public Tensor reshape(long... newShape) {
        if (!isContiguous() || count(newShape) != elementCount()) {
            throw new IllegalArgumentException(
                    "reshape: expected a contiguous tensor of " + count(newShape) + " elements, got " + this);
        }
        return new Tensor(memory, type, offset, newShape.clone(), rowMajor(newShape));
    }

    /// The same elements `count` times: a new first axis of stride 0. Only for operands that are read.
    public Tensor repeated(long count) {
        long[] newShape = new long[rank() + 1];
        long[] newStrides = new long[rank() + 1];
        newShape[0] = count;
        System.arraycopy(shape, 0, newShape, 1, rank());
        System.arraycopy(strides, 0, newStrides, 1, rank());
        return new Tensor(memory, type, offset, newShape, newStrides);
    }

    /// One axis split into several, whose sizes multiply to the axis' size. Works on any strides.
    public Tensor split(int axis, long... parts) {
        if (count(parts) != shape[axis]) {
            throw new IllegalArgumentException("split of axis " + axis + ": expected parts whose product is "
                    + shape[axis] + ", got " + Arrays.toString(parts));
        }
        int newRank = rank() + parts.length - 1;
        long[] newShape = new long[newRank];
        long[] newStrides = new long[newRank];
        long[] inner = rowMajor(parts);
        for (int from = 0, to = 0; from < rank(); from++) {
            if (from != axis) {
                newShape[to] = shape[from];
                newStrides[to++] = strides[from];
                continue;
            }
            for (int part = 0; part < parts.length; part++) {
                newShape[to] = parts[part];
                newStrides[to++] = inner[part] * strides[axis];
            }
        }
        return new Tensor(memory, type, offset, newShape, newStrides);
    }

    /// The bytes from the first element to the end of the block, for a tensor in host memory.
    ///
    /// @throws IllegalStateException when the memory belongs to a device
    public MemorySegment segment() {
        if (!(memory instanceof HostMemory host)) {
            throw new IllegalStateException(
                    "expected a tensor in host memory, got " + memory.getClass().getName());
        }
        return host.segment().asSlice(offset * type.byteSize());
    }

    /// Checks the shape and names the tensor when it differs; −1 stands for any size.
    public Tensor require(String name, long... expected) {
        boolean same = expected.length == shape.length;
        for (int axis = 0; same && axis < shape.length; axis++) {
            same = expected[axis] < 0 || expected[axis] == shape[axis];
        }
        if (!same) {
            throw new IllegalArgumentException(
                    name + ": expected shape " + Arrays.toString(expected) + ", got " + Arrays.toString(shape));
        }
        return this;
    }

    @Override
    public void close() {
        memory.close();
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape) + (isContiguous() ? "" : " strides " + Arrays.toString(strides));
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("shape: expected sizes >= 0, got " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    private static long[] rowMajor(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    private static long[] without(long[] values, int axis) {
        long[] kept = new long[values.length - 1];
        System.arraycopy(values, 0, kept, 0, axis);
        System.arraycopy(values, axis + 1, kept, axis, kept.length - axis);
        return kept;
    }
}
