package dev.wellspring.cli.report;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.QueryTokenScores;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads both ends of rankings out of a run, and where their documents stand by everything else that ranks
/// documents.
///
/// Takes six passes over one column of the run for each query, and memory for the documents at the ends.
public final class RankingReader {
    private final ScoreFolder folder;
    private final List<ScoredQuery> queries;
    private final int[] shuffled;
    private final Normalisation by;
    private final int k;
    private final int texts;
    private final boolean everything;
    private final QueryTokenScores queryTokens;
    private final DocumentTable table;
    /// (shards + 1) the number of each shard's first document.
    private final long[] firstOfShard;

    /// @param by the ranking
    /// @param k how many documents at either end
    /// @param texts how many of them are shown with their text and what each token adds
    /// @param everything whether the run holds every document, so that it is known where one stands
    /// @param queryTokens what the run keeps of the scores of query tokens
    /// @param table gets the documents
    public RankingReader(
            ScoreFolder folder,
            List<ScoredQuery> queries,
            Normalisation by,
            int k,
            int texts,
            boolean everything,
            QueryTokenScores queryTokens,
            DocumentTable table) {
        this.folder = folder;
        this.queries = List.copyOf(queries);
        this.shuffled = ScoredQuery.shuffled(queries);
        this.by = by;
        this.k = k;
        this.texts = texts;
        this.everything = everything;
        this.queryTokens = queryTokens;
        this.table = table;
        this.firstOfShard = firstOfShard(folder);
    }

    /// The ranking of one query.
    ///
    /// @param query its number
    public QueryRanking of(int query) {
        TopK<ScoreRow> top = top(query, Tail.TOP);
        List<ScoreRow> first = rows(top);
        List<ScoreRow> last = rows(top(query, Tail.BOTTOM));
        List<RankedDocument> documents =
                documents(query, Stream.concat(first.stream(), last.stream()).toList(), first.size());
        return new QueryRanking(
                documents.subList(0, first.size()),
                documents.subList(first.size(), documents.size()),
                top.ranked(),
                top.notANumber());
    }

    private TopK<ScoreRow> top(int query, Tail tail) {
        return folder.top(query, queries.get(query).loss(), k, by, tail);
    }

    private static List<ScoreRow> rows(TopK<ScoreRow> top) {
        return top.best().stream().map(Ranked::row).toList();
    }

    /// @param first how many of the rows are of the top; the others are of the bottom
    private List<RankedDocument> documents(int query, List<ScoreRow> rows, int first) {
        double loss = queries.get(query).loss();
        long[] raw = places(
                RowValue.influence(query, loss, Normalisation.RAW),
                rows.stream().mapToDouble(ScoreRow::raw).toArray());
        long[] normalised = places(
                RowValue.influence(query, loss, Normalisation.NORMALISED),
                rows.stream().mapToDouble(ScoreRow::normalised).toArray());
        long[] bm25 = folder.hasBm25()
                ? places(
                        RowValue.bm25(query),
                        rows.stream().mapToDouble(ScoreRow::bm25).toArray())
                : new long[rows.size()];
        long[] other = shuffled.length == 0 ? new long[rows.size()] : ofAnother(shuffled[query], rows);
        List<RankedDocument> documents = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            ScoreRow row = rows.get(i);
            boolean shown = (i < first ? i : i - first) < texts;
            if (shown) {
                table.wantText(row);
            }
            documents.add(new RankedDocument(
                    table.number(row),
                    ordinal(row),
                    row.raw(),
                    row.bm25(),
                    raw[i],
                    normalised[i],
                    bm25[i],
                    other[i],
                    shown ? orNone(folder.tokenScores(row, query)) : new double[0],
                    orNone(folder.moduleScores(row, query)),
                    orNone(queryTokens.of(row.document(), row.part(), query))));
        }
        return Collections.unmodifiableList(documents);
    }

    /// Where documents stand by influence on another query.
    private long[] ofAnother(int query, List<ScoreRow> rows) {
        RowValue influence = RowValue.influence(query, queries.get(query).loss(), Normalisation.RAW);
        if (!everything) {
            return new long[rows.size()];
        }
        double[] all = folder.column(influence);
        return places(
                influence, rows.stream().mapToDouble(row -> all[ordinal(row)]).toArray());
    }

    /// The number of a document among all of the run.
    private int ordinal(ScoreRow row) {
        return Math.toIntExact(firstOfShard[row.shard()] + row.index());
    }

    private long[] places(RowValue value, double[] values) {
        if (!everything) {
            return new long[values.length];
        }
        double[] ranked =
                Arrays.stream(values).filter(one -> !Double.isNaN(one)).toArray();
        PrimitiveIterator.OfLong places =
                LongStream.of(folder.places(value, ranked)).iterator();
        return Arrays.stream(values)
                .mapToLong(one -> Double.isNaN(one) ? 0 : places.nextLong())
                .toArray();
    }

    /// Where the documents of the table stand by a measure that is the same for all queries, in the table's order.
    public long[] placesOfTable(RowValue value, ToDoubleFunction<DocumentTable.Row> own) {
        return places(value, table.rows().stream().mapToDouble(own).toArray());
    }

    private static long[] firstOfShard(ScoreFolder folder) {
        long[] rows = new long[folder.shardCount() + 1];
        folder.forEachBatch(batch -> rows[batch.shard() + 1] += batch.rowCount());
        for (int shard = 0; shard < folder.shardCount(); shard++) {
            rows[shard + 1] += rows[shard];
        }
        return rows;
    }

    private static double[] orNone(double @Nullable [] shares) {
        return shares == null ? new double[0] : shares;
    }
}
