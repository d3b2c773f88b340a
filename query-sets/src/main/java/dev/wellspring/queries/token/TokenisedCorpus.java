package dev.wellspring.queries.token;

import dev.wellspring.queries.corpus.Corpus;

/// A corpus as chunks of token ids: the same chunks in the same order every time.
///
/// @param corpus the documents
/// @param tokenizer the model's tokenizer, used where a document gives no ids
/// @param tokenisation how documents become chunks
public record TokenisedCorpus(Corpus corpus, Tokenizer tokenizer, Tokenisation tokenisation) {
    /// All chunks, from the first.
    public ChunkReader open() {
        return open(Position.START);
    }

    /// The chunks after a position that a reader of the same corpus gave; the documents before are not tokenised.
    public ChunkReader open(Position position) {
        return new ChunkReader(this, position);
    }

    /// The chunks after the first `skipChunks`, which are tokenised to count them. [#open(Position)] does not
    /// need to.
    ///
    /// @throws IllegalArgumentException if there are fewer
    public ChunkReader open(long skipChunks) {
        ChunkReader reader = open();
        try {
            reader.skip(skipChunks);
            return reader;
        } catch (RuntimeException e) {
            try (reader) {
                throw e;
            }
        }
    }
}
