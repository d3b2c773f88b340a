package dev.wellspring.model;

/// Token ids t₀…t_{T−1} and where their loss begins. The model reads t₀…t_{T−2} and predicts t₁…t_{T−1}: T − 1 rows.
///
/// @param tokens at least two token ids
/// @param lossStart the first row whose loss counts: 0 for a document, prompt length − 1 for a query
public record Sequence(int[] tokens, int lossStart) {
    public Sequence {
        if (tokens.length < 2) {
            throw new IllegalArgumentException("tokens: expected at least 2, got " + tokens.length);
        }
        if (lossStart < 0 || lossStart >= tokens.length - 1) {
            throw new IllegalArgumentException(
                    "lossStart: expected 0 to " + (tokens.length - 2) + ", got " + lossStart);
        }
    }

    /// A document: every prediction counts.
    public static Sequence document(int[] tokens) {
        return new Sequence(tokens, 0);
    }

    /// A query: the prompt is context, the completion's tokens count.
    public static Sequence query(int[] prompt, int[] completion) {
        int[] tokens = new int[prompt.length + completion.length];
        System.arraycopy(prompt, 0, tokens, 0, prompt.length);
        System.arraycopy(completion, 0, tokens, prompt.length, completion.length);
        return new Sequence(tokens, prompt.length - 1);
    }

    /// The number of predictions.
    public int rows() {
        return tokens.length - 1;
    }
}
