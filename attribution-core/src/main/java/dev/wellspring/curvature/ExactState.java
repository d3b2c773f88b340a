package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// FLOAT64 sums and counts in one file, bit for bit.
final class ExactState {
    private static final String COUNT = "count/";

    private ExactState() {}

    static void save(LinearAlgebra algebra, Path file, Map<String, Tensor> sums, Map<String, Long> counts)
            throws IOException {
        List<SafetensorsWriter.Slot> slots = new ArrayList<>();
        sums.forEach((name, sum) -> slots.add(TensorStorage.slot(name, DType.FLOAT64, sum.shape())));
        counts.keySet().forEach(name -> slots.add(TensorStorage.countSlot(COUNT + name)));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), slots)) {
            for (Map.Entry<String, Tensor> sum : sums.entrySet()) {
                TensorStorage.write(algebra, sum.getValue(), writer, sum.getKey(), DType.FLOAT64);
            }
            for (Map.Entry<String, Long> count : counts.entrySet()) {
                TensorStorage.writeCount(count.getValue(), writer, COUNT + count.getKey());
            }
            writer.finish();
        }
    }

    /// Overwrites every sum and every count.
    static void restore(LinearAlgebra algebra, Path file, Map<String, Tensor> sums, Map<String, Long> counts)
            throws IOException {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            sums.forEach((name, sum) -> TensorStorage.read(algebra, stored, name, sum));
            counts.replaceAll((name, old) -> TensorStorage.readCount(stored, COUNT + name));
        }
    }
}
