package dev.wellspring.run.documents;

import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.model.Sequence;
import org.jspecify.annotations.Nullable;

/// One scored unit: a document, or one numbered part of a document longer than the limit.
///
/// @param document the document's id
/// @param part from 0
/// @param source where the document comes from, as its file says
/// @param tokens at least two token ids
/// @param lossStart the first prediction whose loss counts: 0 for a text, prompt length − 1 for a prompt with a
///     completion
/// @param preview the beginning of the text in one line, for people
/// @param extras the document's other columns, a JSON object
public record DocumentChunk(
        String document,
        int part,
        @Nullable String source,
        int[] tokens,
        int lossStart,
        String preview,
        String extras) {
    /// A chunk as a store keeps it: a store holds texts only.
    public static DocumentChunk of(StoredDocument stored) {
        return new DocumentChunk(
                stored.document(),
                stored.part(),
                stored.source(),
                stored.tokens(),
                0,
                stored.preview(),
                stored.extras());
    }

    /// As the model reads it.
    public Sequence sequence() {
        return new Sequence(tokens, lossStart);
    }

    /// The number of predictions, those that do not count included.
    public int rows() {
        return tokens.length - 1;
    }
}
