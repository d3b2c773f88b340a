package dev.wellspring.cli.report;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Places;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreBatch;
import dev.wellspring.store.scores.ScoreRows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Where the documents of all rankings stand by everything that ranks documents for a query, counted while a run's
/// documents pass by once more.
final class RankingPlaces {
    private final List<ScoredQuery> queries;
    private final ScoreRows rows;
    /// (queries) for each the number of another, or empty
    private final int[] shuffled;
    /// (queries)
    private final List<Places> raw;

    private final List<Places> normalised;
    /// The same; empty where the run has no BM25 scores.
    private final List<Places> bm25;

    /// @param rows of the run
    /// @param documents (queries, any number) the documents of each query's ranking
    /// @param shuffled (queries) for each another, whose influence is looked at as well; empty where there is none
    /// @param bm25 whether the run has such scores
    RankingPlaces(List<ScoredQuery> queries, ScoreRows rows, List<int[]> documents, int[] shuffled, boolean bm25) {
        this.queries = queries;
        this.rows = rows;
        this.shuffled = shuffled;
        this.raw = IntStream.range(0, queries.size())
                .mapToObj(query -> new Places(raw(query, documents)))
                .toList();
        this.normalised = IntStream.range(0, queries.size())
                .mapToObj(query -> new Places(Arrays.stream(documents.get(query))
                        .mapToDouble(document -> normalised(query, document))
                        .toArray()))
                .toList();
        this.bm25 = IntStream.range(0, bm25 ? queries.size() : 0)
                .mapToObj(query -> new Places(Arrays.stream(documents.get(query))
                        .mapToDouble(document -> rows.bm25(query, document))
                        .toArray()))
                .toList();
    }

    /// The scores of a query's own documents, and of those of the queries that it is the other of.
    private double[] raw(int query, List<int[]> documents) {
        IntStream others = IntStream.range(0, shuffled.length).filter(one -> shuffled[one] == query);
        return IntStream.concat(IntStream.of(query), others)
                .flatMap(one -> Arrays.stream(documents.get(one)))
                .mapToDouble(document -> rows.score(query, document))
                .toArray();
    }

    private double normalised(int query, int document) {
        return Normalisation.NORMALISED.apply(
                rows.score(query, document), queries.get(query).loss(), rows.gradientNorm(document));
    }

    /// Takes the next documents of the run.
    void accept(ScoreBatch batch, RowParallel parallel) {
        double[] norms = BatchColumns.gradientNorms(batch);
        parallel.forRanges(queries.size(), (from, to) -> {
            double[] column = new double[batch.rowCount()];
            for (int query = (int) from; query < to; query++) {
                batch.scores(query, column);
                raw.get(query).accept(column, column.length);
                BatchColumns.normalise(column, queries.get(query).loss(), norms, Normalisation.NORMALISED);
                normalised.get(query).accept(column, column.length);
                if (!bm25.isEmpty()) {
                    batch.bm25(query, column);
                    bm25.get(query).accept(column, column.length);
                }
            }
        });
    }

    /// Where a document stands by raw influence, once all have passed.
    long byRaw(int query, int document) {
        return raw.get(query).of(rows.score(query, document));
    }

    /// By normalised influence; 0 where it has none.
    long byNormalised(int query, int document) {
        return normalised.get(query).of(normalised(query, document));
    }

    /// By BM25; 0 where the run has no such scores.
    long byBm25(int query, int document) {
        return bm25.isEmpty() ? 0 : bm25.get(query).of(rows.bm25(query, document));
    }

    /// By influence on another query; 0 where there is none.
    long byShuffled(int query, int document) {
        return shuffled.length == 0 ? 0 : byRaw(shuffled[query], document);
    }
}
