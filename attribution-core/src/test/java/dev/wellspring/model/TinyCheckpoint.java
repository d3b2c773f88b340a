package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.SafetensorsWriter.Slot;
import dev.wellspring.model.checkpoint.StoredType;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Writes checkpoints of random weights in float64 for any configuration, the same for the same seed.
public final class TinyCheckpoint {
    private TinyCheckpoint() {}

    /// @param folder an existing, empty folder
    /// @param config the contents of config.json
    /// @return the folder
    public static Path write(Path folder, String config, long seed) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        DecoderConfig read = DecoderConfig.read(ConfigFile.read(folder.resolve("config.json")));
        var random = new Random(seed);
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                DecoderWeights weights = DecoderWeights.allocate(algebra, read, DType.FLOAT64);
                var writer = SafetensorsWriter.create(
                        folder.resolve("model.safetensors"), Map.of("format", "pt"), slots(weights))) {
            for (DecoderWeights.Weight weight : weights.tensors()) {
                writer.append(weight.name(), MemorySegment.ofArray(values(read, weight, random)));
            }
            writer.finish();
        }
        return folder;
    }

    private static List<Slot> slots(DecoderWeights weights) {
        return weights.tensors().stream()
                .map(weight ->
                        new Slot(weight.name(), StoredType.F64, weight.tensor().shape()))
                .toList();
    }

    /// Of such sizes that every part of a block matters to the loss.
    private static double[] values(DecoderConfig config, DecoderWeights.Weight weight, Random random) {
        boolean bias = weight.name().endsWith(".bias");
        double mean = weight.kind() == DecoderWeights.Kind.NORM
                        && !bias
                        && !config.norm().onePlusWeight()
                ? 1
                : 0;
        double spread = switch (weight.kind()) {
            case EMBEDDING, POSITION -> 0.7;
            case NORM -> 0.2;
            case LINEAR, HEAD -> bias ? 0.3 : 1.2 / Math.sqrt(config.hidden());
        };
        double[] values = new double[Math.toIntExact(weight.tensor().elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = mean + spread * random.nextGaussian();
        }
        return values;
    }
}
