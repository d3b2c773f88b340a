package dev.wellspring.queries.token;

/// How documents become chunks of token ids.
///
/// @param maxTokens the most ids in a chunk, at least 2
/// @param vocabularySize the model's number of ids (`vocab_size` in its `config.json`); larger ids are errors
/// @param strict whether a document that predicts nothing is an error, rather than skipped and counted
public record Tokenisation(int maxTokens, int vocabularySize, boolean strict) {
    /// The most ids in a chunk unless told otherwise.
    public static final int DEFAULT_MAX_TOKENS = 512;

    public Tokenisation {
        if (maxTokens < 2) {
            throw new IllegalArgumentException("maxTokens: expected at least 2, got " + maxTokens);
        }
        if (vocabularySize < 1) {
            throw new IllegalArgumentException("vocabularySize: expected at least 1, got " + vocabularySize);
        }
    }

    /// Chunks of at most 512 ids; what predicts nothing is skipped and counted.
    public static Tokenisation of(int vocabularySize) {
        return new Tokenisation(DEFAULT_MAX_TOKENS, vocabularySize, false);
    }
}
