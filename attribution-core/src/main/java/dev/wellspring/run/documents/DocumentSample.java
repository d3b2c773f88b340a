package dev.wellspring.run.documents;

/// What the first documents say of all of them.
public final class DocumentSample {
    private static final int CHUNKS = 256;

    private DocumentSample() {}

    /// The mean rows of the first chunks, at least 1. The same documents always give the same number.
    public static int rows(DocumentSource documents) {
        long rows = 0;
        long count = 0;
        try (DocumentSource.Chunks chunks = documents.open(0)) {
            while (count < CHUNKS && chunks.hasNext()) {
                rows += chunks.next().rows();
                count++;
            }
        }
        return count == 0 ? 1 : Math.toIntExact(Math.max(1, rows / count));
    }
}
