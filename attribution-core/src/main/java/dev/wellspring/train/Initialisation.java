package dev.wellspring.train;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.DecoderWeights.Weight;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.DoubleSupplier;

/// Weights to start from. Norms begin with weights of one and biases of zero. The size of the others decides what is
/// learned: from small embeddings a model learns features that tokens share, from large ones the tokens stay apart for
/// longer and cases are learned by themselves.
public sealed interface Initialisation {
    /// As Hugging Face's code draws them for most families: normal numbers for tables and maps, zero for biases.
    ///
    /// @param spread the standard deviation, `initializer_range` in config.json
    record Normal(double spread) implements Initialisation {
        @Override
        public String text() {
            return "normal " + spread;
        }
    }

    /// As PyTorch's modules draw them when nobody says otherwise: standard normal numbers for embeddings and positions;
    /// for maps, their biases and the head uniform ones up to 1/√inputs.
    record Modules() implements Initialisation {
        @Override
        public String text() {
            return "modules";
        }
    }

    /// One line for manifests, which [#parse] reads.
    String text();

    /// What [#text] says.
    ///
    /// @throws IllegalArgumentException when it is nothing of the kind
    static Initialisation parse(String text) {
        if (text.equals("modules")) {
            return new Modules();
        }
        if (text.startsWith("normal ")) {
            return new Normal(Double.parseDouble(text.substring("normal ".length())));
        }
        throw new IllegalArgumentException("initialisation: expected modules, or normal with a number, got " + text);
    }

    /// New weights: one tensor after the other, so that the numbers depend on the configuration and the seed alone.
    default DecoderWeights weights(LinearAlgebra algebra, DecoderConfig config, DType type, long seed) {
        DecoderWeights weights = DecoderWeights.allocate(algebra, config, type);
        var random = new Random(seed);
        for (Weight weight : weights.tensors()) {
            fill(algebra, config, weight, random);
        }
        return weights;
    }

    /// Norms that multiply by 1 + weight are held with the 1 added, so all norms begin alike.
    private void fill(LinearAlgebra algebra, DecoderConfig config, Weight weight, Random random) {
        Tensor tensor = weight.tensor();
        boolean bias = weight.name().endsWith(".bias");
        if (weight.kind() == DecoderWeights.Kind.NORM) {
            algebra.fill(tensor, bias ? 0 : 1);
            return;
        }
        DoubleSupplier draw = switch (this) {
            case Normal normal -> bias ? () -> 0 : () -> normal.spread() * random.nextGaussian();
            case Modules _ -> modules(config, weight, random);
        };
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = draw.getAsDouble();
        }
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
    }

    private static DoubleSupplier modules(DecoderConfig config, Weight weight, Random random) {
        return switch (weight.kind()) {
            case EMBEDDING, POSITION -> random::nextGaussian;
            case LINEAR, HEAD, NORM -> {
                double bound = 1 / Math.sqrt(inputs(config, weight));
                yield () -> bound * (2 * random.nextDouble() - 1);
            }
        };
    }

    /// What a map reads: the only ones that do not read the stream lead back to it.
    private static int inputs(DecoderConfig config, Weight weight) {
        String module = weight.name().replaceFirst("\\.(weight|bias)$", "");
        return config.modules().stream()
                .filter(one -> one.name().equals(module))
                .mapToInt(one -> one.inputs())
                .findFirst()
                .orElse(config.hidden());
    }
}
