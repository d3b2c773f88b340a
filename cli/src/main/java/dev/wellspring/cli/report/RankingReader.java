package dev.wellspring.cli.report;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Progress;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.QueryTokenScores;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreBatch;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRow;
import dev.wellspring.store.scores.ScoreRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Reads both ends of all rankings out of a run, and where their documents stand by everything else that ranks
/// documents.
///
/// Two passes over the run, whatever the number of queries: one finds the ends, the other counts what stands before
/// their documents. Then the documents themselves are read. Takes memory for these documents.
public final class RankingReader {
    private final ScoreFolder folder;
    private final List<ScoredQuery> queries;
    private final Normalisation by;
    private final int k;
    private final int texts;
    private final boolean everything;
    private final QueryTokenScores queryTokens;
    private final DocumentTable table;
    private final ScoreRows rows;

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
        this.by = by;
        this.k = k;
        this.texts = texts;
        this.everything = everything;
        this.queryTokens = queryTokens;
        this.table = table;
        this.rows = new ScoreRows(folder);
    }

    /// The rankings of all queries, in order. To be called once.
    ///
    /// @param parallel over queries; the result does not depend on it
    /// @throws CancelledException when the user asked to stop
    public List<QueryRanking> read(RowParallel parallel, Progress progress, Cancellation cancellation) {
        var ends = new RankingEnds(queries, by, k);
        pass("rankings", batch -> ends.accept(batch, parallel), progress, cancellation);
        List<int[]> documents = IntStream.range(0, queries.size())
                .mapToObj(query -> IntStream.concat(
                                IntStream.of(ends.documents(query, Tail.TOP)),
                                IntStream.of(ends.documents(query, Tail.BOTTOM)))
                        .toArray())
                .toList();
        RankingPlaces places = null;
        if (everything) {
            var counting = new RankingPlaces(queries, rows, documents, ScoredQuery.shuffled(queries), folder.hasBm25());
            pass("ranks", batch -> counting.accept(batch, parallel), progress, cancellation);
            places = counting;
        }
        progress.start("their documents", queries.size(), "queries");
        List<QueryRanking> rankings = new ArrayList<>();
        for (int query = 0; query < queries.size(); query++) {
            rankings.add(new QueryRanking(
                    documents(query, ends.documents(query, Tail.TOP), places),
                    documents(query, ends.documents(query, Tail.BOTTOM), places),
                    ends.ranked(query),
                    ends.notRanked(query)));
            progress.advance(1, 0);
            cancellation.check("no report");
        }
        progress.finish();
        return Collections.unmodifiableList(rankings);
    }

    private void pass(String name, Consumer<ScoreBatch> action, Progress progress, Cancellation cancellation) {
        progress.start(name, rows.count(), "documents");
        folder.forEachBatch(batch -> {
            action.accept(batch);
            progress.advance(batch.rowCount(), 0);
            cancellation.check("no report");
        });
        progress.finish();
    }

    /// @param documents (any number) at one end, best first
    /// @param places null where they are not known
    private List<RankedDocument> documents(int query, int[] documents, @Nullable RankingPlaces places) {
        List<RankedDocument> ranked = new ArrayList<>();
        for (int i = 0; i < documents.length; i++) {
            int document = documents[i];
            ScoreRow row = rows.row(document, query, queries.get(query).loss());
            boolean shown = i < texts;
            if (shown) {
                table.wantText(row);
            }
            ranked.add(new RankedDocument(
                    table.number(row),
                    document,
                    row.raw(),
                    row.bm25(),
                    places == null ? 0 : places.byRaw(query, document),
                    places == null ? 0 : places.byNormalised(query, document),
                    places == null ? 0 : places.byBm25(query, document),
                    places == null ? 0 : places.byShuffled(query, document),
                    shown ? orNone(folder.tokenScores(row, query)) : new double[0],
                    orNone(folder.moduleScores(row, query)),
                    orNone(queryTokens.of(row.document(), row.part(), query))));
        }
        return Collections.unmodifiableList(ranked);
    }

    /// Where the documents of the table stand by a measure that is the same for all queries, in the table's order.
    public long[] placesOfTable(RowValue value, ToDoubleFunction<DocumentTable.Row> own) {
        double[] values = table.rows().stream().mapToDouble(own).toArray();
        return everything ? folder.places(value, values) : new long[values.length];
    }

    private static double[] orNone(double @Nullable [] shares) {
        return shares == null ? new double[0] : shares;
    }
}
