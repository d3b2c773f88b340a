package dev.wellspring.influence;

import org.jspecify.annotations.Nullable;

/// Where the scores of one shard go, document after document. Nothing is visible to readers before [#commit], and
/// [#close] without it leaves no trace. One thread at a time.
///
/// ```java
/// try (ScoreSink sink = shards.open(shard)) {
///     for (ScoredDocument document : …) {
///         sink.write(document);
///     }
///     sink.commit();
/// }
/// ```
public interface ScoreSink extends AutoCloseable {
    /// Adds a document.
    ///
    /// @param tokenScores (queries, rows) the share of each row in the raw score; present in every call if the
    ///     sink was opened to keep token scores, and in none otherwise
    /// @param moduleScores (modules, queries) the share of each tracked module; likewise
    /// @throws IllegalArgumentException if a length differs from what the sink was opened for
    void write(ScoredDocument document, double @Nullable [][] tokenScores, double @Nullable [][] moduleScores);

    /// Adds a document whose scores are kept as sums only.
    default void write(ScoredDocument document) {
        write(document, null, null);
    }

    /// Makes the shard durable and visible. Call it once, after the last document.
    void commit();

    /// Lets go of everything; discards the shard unless [#commit] was called.
    @Override
    void close();
}
