package dev.wellspring.store.scores;

import dev.wellspring.rank.Normalisation;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The rows of an export, one at a time: one query after another, and within a query the documents in their order.
/// The same strings are decoded once per query; that is cheaper than to hold them.
final class ExportRows {
    static final List<String> HEADER = List.of("query", "document", "source", "raw", "nat", "normalised");

    private final List<ScoreShardReader> shards;
    private final List<String> queries;
    private final double[] queryLosses;
    private int query;
    private int shard;
    private int nextBatch;
    private int row;
    private @Nullable ScoreBatch batch;

    ExportRows(ScoreFolder folder, double[] queryLosses) {
        this.shards = folder.shards();
        this.queries = folder.layout().queries();
        this.queryLosses = queryLosses;
    }

    /// Goes to the next row; the first call goes to the first.
    ///
    /// @return whether there is one
    boolean next() {
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

    double raw() {
        return batch().score(query, row);
    }

    double nat() {
        return Normalisation.NAT.apply(raw(), queryLosses[query], batch().gradientNorm(row));
    }

    double normalised() {
        return Normalisation.NORMALISED.apply(raw(), queryLosses[query], batch().gradientNorm(row));
    }

    private ScoreBatch batch() {
        if (batch == null) {
            throw new NoSuchElementException("next() has not been called, or has returned false");
        }
        return batch;
    }
}
