package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderWeights.Weight;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Writes weights as Hugging Face's code reads them: one safetensors file under the names of the family, each in the
/// type
/// it is held in. A tied head is left out, as that code does.
public final class CheckpointFile {
    /// Its name in a checkpoint's folder.
    public static final String NAME = "model.safetensors";

    private CheckpointFile() {}

    /// Writes the file into a folder, whole or not at all.
    public static void write(Path folder, DecoderWeights weights, LinearAlgebra algebra) throws IOException {
        var slots = weights.tensors().stream()
                .map(weight -> TensorStorage.slot(
                        weight.name(), weight.tensor().type(), weight.tensor().shape()))
                .toList();
        try (var writer = SafetensorsWriter.create(folder.resolve(NAME), Map.of("format", "pt"), slots)) {
            for (Weight weight : weights.tensors()) {
                boolean oneMore = weight.kind() == DecoderWeights.Kind.NORM
                        && weights.config().norm().onePlusWeight();
                if (oneMore) {
                    writeWithoutOne(writer, weight, algebra);
                } else {
                    Tensor tensor = weight.tensor();
                    TensorStorage.write(algebra, tensor, writer, weight.name(), tensor.type());
                }
            }
            writer.finish();
        }
    }

    private static void writeWithoutOne(SafetensorsWriter writer, Weight weight, LinearAlgebra algebra)
            throws IOException {
        Tensor held = weight.tensor();
        try (Tensor plain = algebra.allocate(held.type(), held.shape())) {
            algebra.fill(plain, -1);
            algebra.add(1, held, plain);
            TensorStorage.write(algebra, plain, writer, weight.name(), held.type());
        }
    }
}
