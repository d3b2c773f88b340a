package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderConfig.MlpHalf;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The second half of a block: each row by itself, W₂·(f(gate)·up) or W₂·f(up).
final class Mlp {
    private final LinearAlgebra algebra;
    private final MlpHalf shape;
    private final BlockWeights weights;
    private final DecoderMemory memory;
    private final DecoderMemory.Layer kept;
    private final Entrance entrance;
    private final Exit exit;

    Mlp(LinearAlgebra algebra, DecoderConfig config, BlockWeights weights, DecoderMemory memory, int layer) {
        this.algebra = algebra;
        this.shape = config.mlp();
        this.weights = weights;
        this.memory = memory;
        this.kept = memory.layers.get(layer);
        entrance = new Entrance(
                algebra,
                config,
                weights.mlpInput(),
                weights.beforeMlp(),
                kept.statistics().beforeMlp(),
                memory.normed);
        exit = new Exit(
                algebra,
                config,
                weights.mlpOutput(),
                weights.afterMlp(),
                kept.mlpBranch(),
                kept.statistics().afterMlp(),
                memory.normScratch);
    }

    /// sum = sum + mlp(stream).
    void forward(Tensor stream, Tensor sum) {
        entrance.forward(stream, kept.gateUp().rows(stream.size(0)));
        exit.forward(activated(stream.size(0)), sum);
    }

    /// Offers the gradients of its maps, and adds to the stream's gradient.
    ///
    /// @param sumGradient ∂loss/∂sum; may be the stream's gradient
    /// @param streamGradient null when nothing below is tracked
    void backward(Tensor stream, Tensor sumGradient, @Nullable Tensor streamGradient, Tracking tracking) {
        long rows = stream.size(0);
        Tensor outputGradients = exit.outputGradients(sumGradient, tracking);
        if (tracking.wants(weights.mlpOutput())) {
            tracking.offer(weights.mlpOutput(), activated(rows), outputGradients);
        }
        if (streamGradient == null && !tracking.any(weights.mlpInput())) {
            return;
        }
        Tensor innerGradient = memory.innerGradient.rows(rows);
        weights.mlpOutput().backward(algebra, outputGradients, 0, innerGradient);
        Tensor inputGradients = activationBackward(innerGradient);
        entrance.backward(stream, inputGradients, memory.normedGradient.rows(rows), streamGradient, tracking);
    }

    private Tensor activated(long rows) {
        Tensor inner = memory.inner.rows(rows);
        Tensor numbers = inner.columns(0, shape.inner());
        Tensor gateUp = kept.gateUp().rows(rows);
        if (shape.gated()) {
            algebra.gatedForward(shape.activation(), gate(gateUp), up(gateUp), numbers);
        } else {
            algebra.activationForward(shape.activation(), gateUp, numbers);
        }
        return inner;
    }

    /// The gradients of gate and up take their place; those of an ungated MLP the place of `innerGradient`.
    private Tensor activationBackward(Tensor innerGradient) {
        Tensor gateUp = kept.gateUp().rows(innerGradient.size(0));
        if (shape.gated()) {
            Tensor gate = gate(gateUp);
            Tensor up = up(gateUp);
            algebra.gatedBackward(shape.activation(), gate, up, innerGradient, gate, up);
            return gateUp;
        }
        algebra.activationBackward(shape.activation(), gateUp, innerGradient, innerGradient);
        return innerGradient;
    }

    private Tensor gate(Tensor gateUp) {
        return gateUp.columns(0, shape.inner());
    }

    private Tensor up(Tensor gateUp) {
        return gateUp.columns(shape.inner(), 2L * shape.inner());
    }
}
