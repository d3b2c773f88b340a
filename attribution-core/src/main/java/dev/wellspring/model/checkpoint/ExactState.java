package dev.wellspring.model.checkpoint;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Tensors and counts in one file, bit for bit, so that what was interrupted can go on.
public final class ExactState {
    private static final String COUNT = "count/";

    private ExactState() {}

    /// Writes every tensor in its own type, and every count.
    public static void save(LinearAlgebra algebra, Path file, Map<String, Tensor> tensors, Map<String, Long> counts)
            throws IOException {
        List<SafetensorsWriter.Slot> slots = new ArrayList<>();
        tensors.forEach((name, tensor) -> slots.add(TensorStorage.slot(name, tensor.type(), tensor.shape())));
        counts.keySet().forEach(name -> slots.add(TensorStorage.countSlot(COUNT + name)));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), slots)) {
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                TensorStorage.write(
                        algebra,
                        tensor.getValue(),
                        writer,
                        tensor.getKey(),
                        tensor.getValue().type());
            }
            for (Map.Entry<String, Long> count : counts.entrySet()) {
                TensorStorage.writeCount(count.getValue(), writer, COUNT + count.getKey());
            }
            writer.finish();
        }
    }

    /// Overwrites every tensor and every count.
    ///
    /// @throws CheckpointException when the file does not hold all of them
    public static void restore(LinearAlgebra algebra, Path file, Map<String, Tensor> tensors, Map<String, Long> counts)
            throws IOException {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            tensors.forEach((name, tensor) -> TensorStorage.read(algebra, stored, name, tensor));
            counts.replaceAll((name, old) -> TensorStorage.readCount(stored, COUNT + name));
        }
    }
}
