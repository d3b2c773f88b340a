package dev.wellspring.train;

import dev.wellspring.linalg.AdamStep;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.DecoderWeights.Part;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An optimiser at work on some weights, with the running means it keeps.
final class OptimizerState implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final Optimizer optimizer;
    private final List<Part> weights;
    private final Map<String, DecoderWeights> kept = new LinkedHashMap<>();

    OptimizerState(LinearAlgebra algebra, Optimizer optimizer, DecoderWeights weights, DType type) {
        this.algebra = algebra;
        this.optimizer = optimizer;
        this.weights = weights.parts();
        List<String> names = switch (optimizer) {
            case Optimizer.AdamW _ -> List.of("mean", "square");
            case Optimizer.Sgd _ -> List.of("momentum");
        };
        names.forEach(name -> kept.put(name, DecoderWeights.allocate(algebra, weights.config(), type)));
    }

    /// What it keeps between steps, by name, held like the weights.
    Map<String, List<Tensor>> tensors() {
        Map<String, List<Tensor>> tensors = new LinkedHashMap<>();
        kept.forEach((name, values) -> tensors.put(name, values.held()));
        return tensors;
    }

    /// Moves the weights.
    ///
    /// @param gradients laid out like the weights
    /// @param scale what they are multiplied by first
    /// @param step from 0
    void move(DecoderWeights gradients, double scale, double rate, long step) {
        List<Part> slopes = gradients.parts();
        switch (optimizer) {
            case Optimizer.AdamW adam -> {
                List<Part> means = parts("mean");
                List<Part> squares = parts("square");
                for (int i = 0; i < weights.size(); i++) {
                    Part weight = weights.get(i);
                    var numbers = new AdamStep(
                            Math.toIntExact(step + 1),
                            rate,
                            scale,
                            adam.meanDecay(),
                            adam.squareDecay(),
                            adam.epsilon(),
                            weight.decays() ? adam.decay() : 0);
                    algebra.adam(
                            numbers,
                            slopes.get(i).values(),
                            means.get(i).values(),
                            squares.get(i).values(),
                            weight.values());
                }
            }
            case Optimizer.Sgd sgd -> {
                List<Part> momenta = parts("momentum");
                for (int i = 0; i < weights.size(); i++) {
                    Part weight = weights.get(i);
                    Tensor momentum = momenta.get(i).values();
                    algebra.scale(sgd.momentum(), momentum, momentum);
                    algebra.add(scale, slopes.get(i).values(), momentum);
                    if (weight.decays() && sgd.decay() != 0) {
                        algebra.add(sgd.decay(), weight.values(), momentum);
                    }
                    algebra.add(-rate, momentum, weight.values());
                }
            }
        }
    }

    private List<Part> parts(String name) {
        DecoderWeights values = kept.get(name);
        if (values == null) {
            throw new IllegalStateException("optimiser: expected " + name + " among " + kept.keySet());
        }
        return values.parts();
    }

    @Override
    public void close() {
        kept.values().forEach(DecoderWeights::close);
    }
}
