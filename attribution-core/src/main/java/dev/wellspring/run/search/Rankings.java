package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Both ends of every query's rankings, raw and normalised, over a stream of batches. Scores per nat rank like raw
/// ones.
final class Rankings {
    /// Rows of scores that are looked at for one query after the other: few enough to stay in a core's cache.
    private static final int ROWS = 64;

    private final double[] losses;
    private final RowParallel parallel;
    private final List<OfQuery> ofQuery = new ArrayList<>();

    /// The rankings of one query.
    private static final class OfQuery {
        private final double loss;
        private final TopK<KeptRow> rawTop;
        private final TopK<KeptRow> rawBottom;
        private final TopK<KeptRow> normalisedTop;
        private final TopK<KeptRow> normalisedBottom;

        OfQuery(double loss, int keep) {
            this.loss = loss;
            this.rawTop = new TopK<>(keep, Tail.TOP);
            this.rawBottom = new TopK<>(keep, Tail.BOTTOM);
            this.normalisedTop = new TopK<>(keep, Tail.TOP);
            this.normalisedBottom = new TopK<>(keep, Tail.BOTTOM);
        }

        Stream<TopK<KeptRow>> all() {
            return Stream.of(rawTop, rawBottom, normalisedTop, normalisedBottom);
        }

        void offer(double raw, double norm, int row, IntFunction<KeptRow> rows) {
            double normalised = Normalisation.NORMALISED.apply(raw, loss, norm);
            rawTop.offer(raw, row, rows);
            rawBottom.offer(raw, row, rows);
            normalisedTop.offer(normalised, row, rows);
            normalisedBottom.offer(normalised, row, rows);
        }
    }

    /// @param losses (queries), in nats
    Rankings(double[] losses, int keep, RowParallel parallel) {
        this.losses = losses;
        this.parallel = parallel;
        for (double loss : losses) {
            ofQuery.add(new OfQuery(loss, keep));
        }
    }

    /// Considers the documents of a batch, with several queries at a time.
    ///
    /// @param tile (rows, queries)
    void offer(StoredBatch batch, double[] tile) {
        double[] norms = new double[batch.rows()];
        for (int row = 0; row < norms.length; row++) {
            norms[row] = batch.gradientNorm(row);
        }
        var kept = new AtomicReferenceArray<KeptRow>(norms.length);
        IntFunction<KeptRow> rows = row -> row(kept, batch, row, tile);
        parallel.forRanges(losses.length, (from, to) -> {
            for (int first = 0; first < norms.length; first += ROWS) {
                int last = Math.min(norms.length, first + ROWS);
                for (int q = (int) from; q < to; q++) {
                    OfQuery query = ofQuery.get(q);
                    for (int row = first; row < last; row++) {
                        query.offer(tile[row * losses.length + q], norms[row], row, rows);
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
                .flatMap(OfQuery::all)
                .flatMap(top -> top.best().stream().limit(most))
                .map(Ranked::row)
                .forEach(kept::add);
        return kept;
    }

    /// How many scores were NaN and therefore not ranked, over all queries.
    long notANumber() {
        return ofQuery.stream().mapToLong(query -> query.rawTop.notANumber()).sum();
    }
}
