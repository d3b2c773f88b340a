package dev.wellspring.model;

/// One linear map of the model, W of shape (outputs, inputs), that can be tracked.
///
/// @param name the name Hugging Face's code gives it, e.g. `model.layers.0.mlp.up_proj`
/// @param layer the block it belongs to, from 0
/// @param part whether it belongs to the attention or to the MLP of its block
/// @param inputs the width of its input, without the appended 1
/// @param outputs the width of its output
/// @param bias whether it has a bias; then a 1 is appended as the last input
/// @param inputGroup equal for modules of one model that read the very same input rows (and agree in `bias`), such as
///     gate and up projections: they share one activation covariance
public record LinearModule(
        String name, int layer, Part part, int inputs, int outputs, boolean bias, String inputGroup) {
    /// The two halves of a block.
    public enum Part {
        ATTENTION,
        MLP
    }

    /// The width of the input with the appended 1, if there is one.
    public int activationSize() {
        return bias ? inputs + 1 : inputs;
    }

    /// The number of weights, bias included.
    public long parameters() {
        return (long) outputs * activationSize();
    }
}
