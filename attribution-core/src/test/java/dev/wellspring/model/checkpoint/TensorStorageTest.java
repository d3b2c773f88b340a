package dev.wellspring.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Numbers;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorStorageTest {
    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @TempDir
    Path folder;

    /// Rows of 3 float64 numbers, 24 bytes: less than a row, one row, two rows with a rest, all rows, more.
    @ParameterizedTest
    @ValueSource(longs = {1, 24, 48, 71, 120, 1000})
    void aTensorIsWrittenInBlocksOfAnySize(long blockBytes) throws IOException {
        double[] numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
        Path path = folder.resolve("tensor.safetensors");
        try (Workspace work = new Workspace(algebra)) {
            Tensor tensor = work.allocate(DType.FLOAT64, 5, 3);
            Tensor back = work.allocate(DType.FLOAT64, 5, 3);
            Numbers.set(algebra, numbers, tensor);
            try (var writer =
                    SafetensorsWriter.create(path, Map.of(), List.of(TensorStorage.slot("x", DType.FLOAT64, 5, 3)))) {
                TensorStorage.write(algebra, tensor, writer, "x", DType.FLOAT64, blockBytes);
                writer.finish();
            }
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                TensorStorage.read(algebra, file, "x", back);
            }
            assertThat(Numbers.of(algebra, back)).isEqualTo(numbers);
        }
    }

    @Test
    void aCountOfAnotherTypeIsRefused() throws IOException {
        Path path = folder.resolve("count.safetensors");
        try (Workspace work = new Workspace(algebra);
                var writer =
                        SafetensorsWriter.create(path, Map.of(), List.of(TensorStorage.slot("x", DType.FLOAT64, 1)))) {
            TensorStorage.write(algebra, work.allocate(DType.FLOAT64, 1), writer, "x", DType.FLOAT64);
            writer.finish();
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> TensorStorage.readCount(file, "x"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(path + ": tensor x: expected dtype I64, found F64");
        }
    }
}
