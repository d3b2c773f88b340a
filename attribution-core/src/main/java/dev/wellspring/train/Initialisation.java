package dev.wellspring.train;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.DecoderWeights.Weight;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Weights to start from, as Hugging Face's code draws them for most families: normal numbers for tables and maps, zero
/// for biases, one for norms.
///
/// @param spread the standard deviation, `initializer_range` in config.json
/// @param seed where the numbers begin
public record Initialisation(double spread, long seed) {
    /// Fills new weights.
    public DecoderWeights weights(LinearAlgebra algebra, DecoderConfig config, DType type) {
        DecoderWeights weights = DecoderWeights.allocate(algebra, config, type);
        var random = new Random(seed);
        for (Weight weight : weights.tensors()) {
            fill(algebra, weight, random);
        }
        return weights;
    }

    /// One tensor after the other, so that the numbers depend on the configuration and the seed alone. Norms that
    /// multiply
    /// by 1 + weight are held with the 1 added, so all norms begin alike.
    private void fill(LinearAlgebra algebra, Weight weight, Random random) {
        Tensor tensor = weight.tensor();
        boolean bias = weight.name().endsWith(".bias");
        switch (weight.kind()) {
            case NORM -> algebra.fill(tensor, bias ? 0 : 1);
            case EMBEDDING, POSITION, LINEAR, HEAD -> {
                double[] values = new double[Math.toIntExact(tensor.elementCount())];
                for (int i = 0; i < values.length && !bias; i++) {
                    values[i] = spread * random.nextGaussian();
                }
                algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
            }
        }
    }
}
