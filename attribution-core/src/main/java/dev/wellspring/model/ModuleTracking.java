package dev.wellspring.model;

import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Set;

/// Some linear maps are tracked, and a tap receives what their gradients are made of.
record ModuleTracking(Set<LinearModule> tracked, GradientTap tap, Segments segments) implements Tracking {
    @Override
    public boolean wants(Linear linear) {
        return tracked.contains(linear.module());
    }

    @Override
    public void offer(Linear linear, Tensor input, Tensor outputGradients) {
        if (wants(linear)) {
            tap.accept(linear.module(), linear.activations(input), outputGradients, segments);
        }
    }

    @Override
    public void offerHead(Tensor head, double scale, Tensor input, Tensor outputGradients) {}

    @Override
    public void offer(BlockWeights.Norm norm, Tensor dy, Tensor x, Tensor statistics) {}
}
