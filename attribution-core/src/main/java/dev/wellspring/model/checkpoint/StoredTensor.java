package dev.wellspring.model.checkpoint;

import dev.wellspring.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/// One tensor of an open safetensors file.
///
/// @param file the file it lies in
/// @param name its name there
/// @param stored its element type
/// @param shape the size of each axis
/// @param data its bytes, row-major and little-endian, read-only, valid until the file is closed; they need not be
///     aligned to the element size
public record StoredTensor(Path file, String name, StoredType stored, long[] shape, MemorySegment data) {
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
}
