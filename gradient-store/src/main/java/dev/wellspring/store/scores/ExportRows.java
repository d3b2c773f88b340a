package dev.wellspring.store.scores;

import dev.wellspring.rank.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rows of an export, one at a time: one query after another, and within a query the documents in their order.
/// The same strings are decoded once per query; that is cheaper than to hold them.
final class ExportRows implements ParquetRows {
    /// The columns of text, which come first.
    static final List<String> TEXTS = List.of("query", "document", "source");

    /// The columns of float64.
    static final List<String> NUMBERS =
            List.of("raw", "nat", "normalised", "bm25", "length", "gradient_norm", "shuffled");

    private final List<ScoreShardReader> shards;
    private final List<String> queries;
    private final double[] queryLosses;
    private final int[] shuffled;
    private int query;
    private int shard;
    private int nextBatch;
    private int row;
    private @Nullable ScoreBatch batch;

    ExportRows(ScoreFolder folder, double[] queryLosses, int[] shuffled) {
        this.shards = folder.shards();
        this.queries = folder.layout().queries();
        this.queryLosses = queryLosses;
        this.shuffled = shuffled;
    }

    @Override
    public List<DataTable.Column> columns() {
        return Stream.concat(
                        TEXTS.stream().map(name -> new DataTable.Column(name, DataTable.Type.TEXT)),
                        NUMBERS.stream().map(name -> new DataTable.Column(name, DataTable.Type.NUMBER)))
                .toList();
    }

    @Override
    public @Nullable List<@Nullable Object> next() {
        if (!advance()) {
            return null;
        }
        List<@Nullable Object> values = new ArrayList<>();
        values.add(query());
        values.add(document());
        values.add(source());
        for (double number : numbers()) {
            values.add(number);
        }
        return values;
    }

    /// Goes to the next row; the first call goes to the first.
    ///
    /// @return whether there is one
    boolean advance() {
        row++;
        while (batch == null || row >= batch.rowCount()) {
            if (!nextBatch()) {
                return false;
            }
        }
        return true;
    }

    private boolean nextBatch() {
        while (query < queries.size()) {
            if (nextBatch < shards.get(shard).batchCount()) {
                batch = shards.get(shard).batch(nextBatch++);
                row = 0;
                return true;
            }
            nextBatch = 0;
            shard++;
            if (shard == shards.size()) {
                shard = 0;
                query++;
            }
        }
        batch = null;
        return false;
    }

    String query() {
        return queries.get(query);
    }

    /// The id, and for the later chunks of a long document `id#part`.
    String document() {
        String id = batch().document(row);
        int part = batch().part(row);
        return part == 0 ? id : id + "#" + part;
    }

    @Nullable
    String source() {
        return batch().source(row);
    }

    /// The numbers of the row, in the order of their columns.
    double[] numbers() {
        double raw = batch().score(query, row);
        double norm = batch().gradientNorm(row);
        return new double[] {
            raw,
            Normalisation.NAT.apply(raw, queryLosses[query], norm),
            Normalisation.NORMALISED.apply(raw, queryLosses[query], norm),
            batch().bm25(query, row),
            batch().tokens(row) - 1,
            norm,
            shuffled.length == 0 ? Double.NaN : batch().score(shuffled[query], row)
        };
    }

    private ScoreBatch batch() {
        if (batch == null) {
            throw new NoSuchElementException("advance() has not been called, or has returned false");
        }
        return batch;
    }
}
