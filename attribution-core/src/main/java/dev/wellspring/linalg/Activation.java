package dev.wellspring.linalg;

/// The non-linearities of the supported decoders, f(x).
public enum Activation {
    /// x·σ(x), also called swish.
    SILU,
    /// x·Φ(x) with the exact normal distribution function: ½x(1 + erf(x/√2)).
    GELU,
    /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), called gelu_new and gelu_pytorch_tanh elsewhere.
    GELU_TANH,
    /// max(x, 0).
    RELU
}
