package dev.wellspring.model.checkpoint;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/// One tensor of an open safetensors file.
///
/// @param file the file it lies in
/// @param name its name there
/// @param stored its element type
/// @param shape the size of each axis
/// @param data its bytes, row-major and little-endian, read-only, valid until the file is closed; they need not
///     be aligned to the element size
public record StoredTensor(Path file, String name, StoredType stored, long[] shape, MemorySegment data) {
    private static final long BLOCK_BYTES = 64L << 20;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The type to read the elements as.
    ///
    /// @throws CheckpointException when nothing computes with the stored type
    public DType type() {
        return stored.type()
                .orElseThrow(() -> new CheckpointException(file + ": tensor " + name
                        + ": expected dtype F64, F32, F16, BF16 or I32, found " + stored
                        + "; convert the checkpoint to one of these"));
    }

    /// The number of elements.
    public long elementCount() {
        return data.byteSize() / stored.byteSize();
    }

    /// Copies it into a backend's memory, converting, and lets go of the pages it was read from: of a file
    /// that stays mapped they would count as this process' memory for as long.
    ///
    /// @param target of this shape, any strides
    public void upload(LinearAlgebra algebra, Tensor target) {
        long rows = target.rank() > 1 ? target.size(0) : 0;
        if (target.isContiguous() || rows == 0) {
            algebra.upload(data, type(), target);
        } else {
            uploadRows(algebra, target, rows);
        }
        if (data.isMapped()) {
            data.unload();
        }
    }

    /// A block at a time: rows with gaps between them go by way of a copy on a device.
    private void uploadRows(LinearAlgebra algebra, Tensor target, long rows) {
        long rowBytes = data.byteSize() / rows;
        long step = Math.clamp(BLOCK_BYTES / Math.max(1, rowBytes), 1, rows);
        for (long from = 0; from < rows; from += step) {
            long to = Math.min(rows, from + step);
            algebra.upload(data.asSlice(from * rowBytes, (to - from) * rowBytes), type(), target.rows(from, to));
        }
    }

    /// Checks the shape.
    ///
    /// @throws CheckpointException when it differs, naming file and tensor
    public StoredTensor require(long... expected) {
        if (!Arrays.equals(shape, expected)) {
            throw new CheckpointException(file + ": tensor " + name + ": expected shape " + Arrays.toString(expected)
                    + ", found " + Arrays.toString(shape) + "; config.json and the weights must belong together");
        }
        return this;
    }

    /// Checks that every element is a number.
    ///
    /// @throws CheckpointException at the first NaN or infinity, naming file, tensor and place
    public StoredTensor requireFinite() {
        long bad = switch (type()) {
            case FLOAT64 -> firstWithLong(0x7FF0_0000_0000_0000L);
            case FLOAT32 -> firstWithInt(0x7F80_0000);
            case BFLOAT16 -> firstWithShort(0x7F80);
            case FLOAT16 -> firstWithShort(0x7C00);
            case INT32 -> -1;
        };
        if (bad >= 0) {
            throw new CheckpointException(file + ": tensor " + name + ": expected finite numbers, found NaN or infinity"
                    + " at element " + bad + "; the checkpoint is damaged or its training diverged");
        }
        return this;
    }

    /// An IEEE number is NaN or infinite when all bits of its exponent are set.
    private long firstWithLong(long exponent) {
        for (long i = 0; i < elementCount(); i++) {
            if ((data.get(LONG, i * Long.BYTES) & exponent) == exponent) {
                return i;
            }
        }
        return -1;
    }

    private long firstWithInt(int exponent) {
        for (long i = 0; i < elementCount(); i++) {
            if ((data.get(INT, i * Integer.BYTES) & exponent) == exponent) {
                return i;
            }
        }
        return -1;
    }

    private long firstWithShort(int exponent) {
        for (long i = 0; i < elementCount(); i++) {
            if ((data.get(SHORT, i * Short.BYTES) & exponent) == exponent) {
                return i;
            }
        }
        return -1;
    }
}
