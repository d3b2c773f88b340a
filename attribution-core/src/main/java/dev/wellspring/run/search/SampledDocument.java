package dev.wellspring.run.search;

import java.util.Comparator;

/// A document that was drawn at random, as the manifest names it.
///
/// @param document its id
/// @param part the number of the chunk
public record SampledDocument(String document, int part) {
    /// By id, then part.
    public static final Comparator<SampledDocument> ORDER =
            Comparator.comparing(SampledDocument::document).thenComparingInt(SampledDocument::part);

    static SampledDocument of(KeptRow row) {
        return new SampledDocument(row.document(), row.part());
    }
}
