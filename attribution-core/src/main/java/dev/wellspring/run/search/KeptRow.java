package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.rank.Rankable;
import java.util.Comparator;

/// A document that some ranking keeps.
///
/// @param scores (queries), for all of them
record KeptRow(StoredBatch batch, int row, StoredDocument stored, double[] scores) implements Rankable {
    /// The order of the store.
    static final Comparator<KeptRow> IN_STORE = Comparator.comparingInt((KeptRow kept) -> kept.batch.shard())
            .thenComparingLong(kept -> kept.batch.firstRow() + kept.row);

    static KeptRow of(StoredBatch batch, int row, double[] tile, int queries) {
        double[] scores = new double[queries];
        System.arraycopy(tile, row * queries, scores, 0, queries);
        return new KeptRow(batch, row, batch.document(row), scores);
    }

    @Override
    public String document() {
        return stored.document();
    }

    @Override
    public int part() {
        return stored.part();
    }

    ScoredDocument scored() {
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
