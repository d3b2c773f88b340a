/// A trainer for small decoders: every parameter, from scratch or from a checkpoint.
///
/// One step, as everywhere: the mean loss per predicted token of a batch, its gradient, clipped to a norm, and a move
/// by
/// [Optimizer] at the rate of [LearningRate].
///
/// ```
/// L(w) = Σ −ln p(label) / rows        g = ∂L/∂w        g ← g·min(1, c/‖g‖)        w ← optimiser(w, g, rate(t))
/// ```
///
/// Same sequences, settings and seed give the same bytes, whatever the number of threads: a batch is cut into a fixed
/// number of pieces, each piece adds up its own gradients, and the pieces are added in their order.
@NullMarked
package dev.wellspring.train;

import org.jspecify.annotations.NullMarked;
