package dev.wellspring.run.documents;

import dev.wellspring.gradient.StoredDocument;
import org.jspecify.annotations.Nullable;

/// One scored unit: a document, or one numbered part of a document longer than the limit.
///
/// @param document the document's id
/// @param part from 0
/// @param source where the document comes from, as its file says
/// @param tokens at least two token ids
/// @param preview the beginning of the text in one line, for people
/// @param extras the document's other columns, a JSON object
public record DocumentChunk(
        String document, int part, @Nullable String source, int[] tokens, String preview, String extras) {
    /// A chunk as a store keeps it.
    public static DocumentChunk of(StoredDocument stored) {
        return new DocumentChunk(
                stored.document(), stored.part(), stored.source(), stored.tokens(), stored.preview(), stored.extras());
    }

    /// The number of predictions.
    public int rows() {
        return tokens.length - 1;
    }
}
