package dev.wellspring.run.search;

/// A document that was drawn at random, as the manifest names it.
///
/// @param document its id
/// @param part the number of the chunk
public record SampledDocument(String document, int part) {
    static SampledDocument of(KeptRow row) {
        return new SampledDocument(row.document(), row.part());
    }
}
