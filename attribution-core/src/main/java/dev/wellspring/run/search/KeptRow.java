package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.rank.Rankable;
import java.util.Comparator;

/// A document that some ranking keeps: where it is, what settles ties, and its scores. The rest stays in the store.
///
/// @param row its number within the shard
/// @param scores (queries), for all of them
record KeptRow(int shard, long row, String document, int part, double[] scores) implements Rankable {
    /// The order of the store.
    static final Comparator<KeptRow> IN_STORE =
            Comparator.comparingInt(KeptRow::shard).thenComparingLong(KeptRow::row);

    static KeptRow of(StoredBatch batch, int row, double[] tile, int queries) {
        double[] scores = new double[queries];
        System.arraycopy(tile, row * queries, scores, 0, queries);
        return new KeptRow(batch.shard(), batch.firstRow() + row, batch.documentId(row), batch.part(row), scores);
    }

    /// With what the store keeps of it.
    ScoredDocument scored(StoredGradients store) {
        return scored(store.document(shard, row), scores);
    }

    static ScoredDocument scored(StoredDocument stored, double[] scores) {
        return new ScoredDocument(
                stored.document(),
                stored.part(),
                stored.source(),
                stored.tokens().length,
                stored.loss(),
                stored.gradientNorm(),
                stored.preview(),
                stored.extras(),
                scores);
    }
}
