package dev.wellspring.model.checkpoint;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Moves tensors between a backend and safetensors files, in blocks of rows, so that a copy of at most 8 MiB
/// (or one row) is in host memory at a time: little enough for the C library to give out the same memory again,
/// whose pages are there.
public final class TensorStorage {
    private static final long BLOCK_BYTES = 8L << 20;
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private TensorStorage() {}

    /// Declares a tensor to be stored in an element type.
    public static SafetensorsWriter.Slot slot(String name, DType stored, long... shape) {
        return new SafetensorsWriter.Slot(name, StoredType.of(stored), shape);
    }

    /// Declares a single whole number.
    public static SafetensorsWriter.Slot countSlot(String name) {
        return new SafetensorsWriter.Slot(name, StoredType.I64, 1);
    }

    /// Writes a whole tensor, converted to the element type it was declared with.
    public static void write(LinearAlgebra algebra, Tensor tensor, SafetensorsWriter writer, String name, DType stored)
            throws IOException {
        write(algebra, tensor, writer, name, stored, BLOCK_BYTES);
    }

    static void write(
            LinearAlgebra algebra, Tensor tensor, SafetensorsWriter writer, String name, DType stored, long blockBytes)
            throws IOException {
        long rows = tensor.size(0);
        long rowBytes = stored.byteSize() * Math.max(1, tensor.elementCount() / Math.max(1, rows));
        long block = Math.clamp(blockBytes / rowBytes, 1, Math.max(1, rows));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(block * rowBytes, 64);
            for (long from = 0; from < rows; from += block) {
                Tensor part = tensor.rows(from, Math.min(rows, from + block));
                MemorySegment bytes = buffer.asSlice(0, part.elementCount() * stored.byteSize());
                algebra.download(part, bytes, stored);
                writer.append(name, bytes);
            }
        }
    }

    /// Writes a whole number.
    public static void writeCount(long count, SafetensorsWriter writer, String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Long.BYTES);
            bytes.set(INT64, 0, count);
            writer.append(name, bytes);
        }
    }

    /// Reads a tensor into one that is already there, converting its elements.
    ///
    /// @throws CheckpointException when the file has none of that name and shape
    public static void read(LinearAlgebra algebra, SafetensorsFile file, String name, Tensor target) {
        require(file, name, target.shape()).upload(algebra, target);
    }

    /// Reads a whole number.
    ///
    /// @throws CheckpointException when the file has none of that name
    public static long readCount(SafetensorsFile file, String name) {
        StoredTensor stored = require(file, name, 1);
        if (stored.stored() != StoredType.I64) {
            throw new CheckpointException(
                    file.path() + ": tensor " + name + ": expected dtype I64, found " + stored.stored());
        }
        return stored.data().get(INT64, 0);
    }

    /// A tensor of a file, of the expected shape.
    ///
    /// @throws CheckpointException when the file has none of that name and shape
    public static StoredTensor require(SafetensorsFile file, String name, long... expected) {
        StoredTensor stored = file.tensor(name);
        if (!Arrays.equals(stored.shape(), expected)) {
            throw new CheckpointException(file.path() + ": tensor " + name + ": expected shape "
                    + Arrays.toString(expected) + ", found " + Arrays.toString(stored.shape())
                    + "; was it made for another model?");
        }
        return stored;
    }
}
