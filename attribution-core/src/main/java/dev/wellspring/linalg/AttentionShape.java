package dev.wellspring.linalg;

/// What causal self-attention needs to know beside its operands.
///
/// @param scale what q·k is multiplied by, usually 1/√d
/// @param window how many of the latest positions, the row's own included, a row may look at; 0 means all
/// @param softCap c in c·tanh(s/c), applied to the scaled scores s before the mask; 0 means none
public record AttentionShape(double scale, int window, double softCap) {}
