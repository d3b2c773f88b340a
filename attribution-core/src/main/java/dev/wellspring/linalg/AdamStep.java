package dev.wellspring.linalg;

/// The numbers of one step of AdamW. With g = gradientScale·gradient and t the number of the step:
///
/// ```
/// mean   = β₁·mean + (1 − β₁)·g            square = β₂·square + (1 − β₂)·g²
/// weight = weight − rate·decay·weight − rate·(mean/(1 − β₁ᵗ)) / (√(square/(1 − β₂ᵗ)) + ε)
/// ```
///
/// @param number t, from 1
/// @param rate the learning rate of this step
/// @param gradientScale what the gradient is multiplied by first, for clipping
/// @param meanDecay β₁
/// @param squareDecay β₂
/// @param epsilon ε
/// @param decay of the weights, which does not pass through the means
public record AdamStep(
        int number,
        double rate,
        double gradientScale,
        double meanDecay,
        double squareDecay,
        double epsilon,
        double decay) {
    public AdamStep {
        if (number < 1) {
            throw new IllegalArgumentException("number: expected at least 1, got " + number);
        }
    }

    /// 1/(1 − β₁ᵗ).
    public double meanCorrection() {
        return 1 / (1 - Math.pow(meanDecay, number));
    }

    /// 1/(1 − β₂ᵗ).
    public double squareCorrection() {
        return 1 / (1 - Math.pow(squareDecay, number));
    }
}
