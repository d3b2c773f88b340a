package dev.wellspring.store.scores;

import dev.wellspring.analysis.ScoreBlock;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.store.arrow.ArrowBatch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Some consecutive documents of a shard. Valid until its reader is closed. Scores are read from the mapped
/// file without a copy; strings are decoded when asked for.
public final class ScoreBatch implements ScoreBlock {
    private final ArrowBatch batch;
    private final @Nullable ArrowBatch bm25;
    private final int queries;
    private final int shard;
    private final long firstRow;

    ScoreBatch(ArrowBatch batch, @Nullable ArrowBatch bm25, int queries, int shard, long firstRow) {
        this.batch = batch;
        this.bm25 = bm25;
        this.queries = queries;
        this.shard = shard;
        this.firstRow = firstRow;
    }

    @Override
    public int rowCount() {
        return batch.rows();
    }

    /// The number of the shard this batch is from.
    public int shard() {
        return shard;
    }

    /// The number, within the shard, of row 0 of this batch.
    public long firstRow() {
        return firstRow;
    }

    public String document(int row) {
        return batch.stringAt(ShardFormat.DOCUMENT, row);
    }

    public int part(int row) {
        return batch.intAt(ShardFormat.PART, row);
    }

    @Override
    public @Nullable String source(int row) {
        return batch.nullableStringAt(ShardFormat.SOURCE, row);
    }

    @Override
    public int tokens(int row) {
        return batch.intAt(ShardFormat.TOKEN_COUNT, row);
    }

    /// In nats, summed over the rows of the document.
    public double loss(int row) {
        return batch.doubleAt(ShardFormat.LOSS, row);
    }

    @Override
    public double gradientNorm(int row) {
        return batch.doubleAt(ShardFormat.GRADIENT_NORM, row);
    }

    public String preview(int row) {
        return batch.stringAt(ShardFormat.PREVIEW, row);
    }

    /// A JSON object.
    public String extras(int row) {
        return batch.stringAt(ShardFormat.EXTRAS, row);
    }

    /// The raw scores of one query: (rows) of the layout's dtype, little-endian, 64-byte aligned, a
    /// read-only view of the mapped file.
    public MemorySegment scores(int query) {
        return batch.values(ShardFormat.SCORES.firstQuery() + query);
    }

    @Override
    public void scores(int query, double[] into) {
        batch.copyDoubles(ShardFormat.SCORES.firstQuery() + query, into);
    }

    /// The raw score of one document for one query.
    public double score(int query, int row) {
        return batch.doubleAt(ShardFormat.SCORES.firstQuery() + query, row);
    }

    /// The BM25 score of one document for one query; NaN where the run has none.
    public double bm25(int query, int row) {
        return bm25 == null ? Double.NaN : bm25.doubleAt(ShardFormat.BM25.firstQuery() + query, row);
    }

    @Override
    public void bm25(int query, double[] into) {
        if (bm25 == null) {
            Arrays.fill(into, 0, rowCount(), Double.NaN);
        } else {
            bm25.copyDoubles(ShardFormat.BM25.firstQuery() + query, into);
        }
    }

    /// All that was written about one document.
    public ScoredDocument read(int row) {
        double[] scores = new double[queries];
        for (int query = 0; query < queries; query++) {
            scores[query] = score(query, row);
        }
        return new ScoredDocument(
                document(row),
                part(row),
                source(row),
                tokens(row),
                loss(row),
                gradientNorm(row),
                preview(row),
                extras(row),
                scores);
    }
}
