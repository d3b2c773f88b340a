package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Both ends of every query's rankings, raw and normalised, over a stream of batches. Scores per nat rank like raw
/// ones.
final class Rankings {
    private static final List<Normalisation> BY = List.of(Normalisation.RAW, Normalisation.NORMALISED);

    private final double[] losses;
    private final RowParallel parallel;
    private final List<List<TopK<KeptRow>>> ofQuery = new ArrayList<>();

    /// @param losses (queries), in nats
    Rankings(double[] losses, int keep, RowParallel parallel) {
        this.losses = losses;
        this.parallel = parallel;
        for (int q = 0; q < losses.length; q++) {
            List<TopK<KeptRow>> rankings = new ArrayList<>();
            for (int by = 0; by < BY.size(); by++) {
                for (Tail tail : Tail.values()) {
                    rankings.add(new TopK<>(keep, tail));
                }
            }
            ofQuery.add(rankings);
        }
    }

    /// Considers the documents of a batch, with several queries at a time.
    ///
    /// @param tile (rows, queries)
    void offer(StoredBatch batch, double[] tile) {
        int rows = batch.rows();
        int queries = losses.length;
        double[] norms = new double[rows];
        for (int row = 0; row < rows; row++) {
            norms[row] = batch.gradientNorm(row);
        }
        var kept = new AtomicReferenceArray<KeptRow>(rows);
        parallel.forRanges(queries, (from, to) -> {
            for (int q = (int) from; q < to; q++) {
                int rank = 0;
                for (Normalisation by : BY) {
                    for (int tail = 0; tail < Tail.values().length; tail++) {
                        TopK<KeptRow> top = ofQuery.get(q).get(rank++);
                        for (int row = 0; row < rows; row++) {
                            double value = by.apply(tile[row * queries + q], losses[q], norms[row]);
                            top.offer(value, row, r -> row(kept, batch, r, tile));
                        }
                    }
                }
            }
        });
    }

    /// One object for each document, whoever keeps it.
    private KeptRow row(AtomicReferenceArray<KeptRow> kept, StoredBatch batch, int row, double[] tile) {
        KeptRow known = kept.get(row);
        if (known != null) {
            return known;
        }
        kept.compareAndSet(row, null, KeptRow.of(batch, row, tile, losses.length));
        return kept.get(row);
    }

    /// The first `most` documents of every ranking, in the order of the store.
    NavigableSet<KeptRow> kept(int most) {
        NavigableSet<KeptRow> kept = new TreeSet<>(KeptRow.IN_STORE);
        ofQuery.stream()
                .flatMap(Collection::stream)
                .flatMap(top -> top.best().stream().limit(most))
                .map(Ranked::row)
                .forEach(kept::add);
        return kept;
    }

    /// How many scores were NaN and therefore not ranked, over all queries.
    long notANumber() {
        return ofQuery.stream()
                .mapToLong(rankings -> rankings.getFirst().notANumber())
                .sum();
    }
}
