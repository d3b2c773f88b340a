package dev.wellspring.model;

import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Collection;
import java.util.Set;

/// Which modules a backward pass is made for, and where what it finds goes.
record Tracking(Set<LinearModule> tracked, GradientTap tap, Segments segments) {
    /// Whether any of the maps is tracked.
    boolean any(Collection<Linear> linears) {
        return linears.stream().anyMatch(linear -> tracked.contains(linear.module()));
    }

    /// Hands a map's input rows and output gradients on, if it is tracked.
    void offer(Linear linear, Tensor input, Tensor outputGradients) {
        if (tracked.contains(linear.module())) {
            tap.accept(linear.module(), linear.activations(input), outputGradients, segments);
        }
    }
}
