package dev.wellspring.store.scores;

import dev.wellspring.analysis.DocumentScores;
import dev.wellspring.run.score.Bm25Shards;
import dev.wellspring.store.arrow.ArrowWriter;
import dev.wellspring.store.arrow.BodyChecksum;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes BM25 scores beside the shards of a run, with the same rows in the same record batches.
public final class Bm25Files implements Bm25Shards {
    /// A batch is as long as the one beside it, whatever its size.
    private static final ArrowWriter.Batching AS_BESIDE =
            new ArrowWriter.Batching(Integer.MAX_VALUE, Long.MAX_VALUE, BodyChecksum.CRC32C, 0);

    private final Path directory;
    private final ScoreFolder folder;

    /// @param directory of a run whose scores are all there
    /// @throws StoreFileException if they cannot be read
    public Bm25Files(Path directory) {
        this.directory = directory;
        this.folder = ScoreFolder.open(directory);
    }

    @Override
    public int shards() {
        return folder.shardCount();
    }

    @Override
    public int documents() {
        return Math.toIntExact(folder.rowCount());
    }

    @Override
    public boolean isWhole(int shard) {
        return Files.exists(file(shard));
    }

    @Override
    public void write(int shard, DocumentScores scores) throws IOException {
        int from = 0;
        for (int before = 0; before < shard; before++) {
            from += Math.toIntExact(folder.shards().get(before).rowCount());
        }
        ScoreShardReader rows = folder.shards().get(shard);
        var output = new PartFile(file(shard));
        try (var writer = new ArrowWriter(output, ShardFormat.BM25.schema(folder.layout()), AS_BESIDE)) {
            for (int i = 0; i < rows.batchCount(); i++) {
                ScoreBatch batch = rows.batch(i);
                write(writer, batch, scores.scores(from, batch.rowCount()));
                from += batch.rowCount();
            }
            writer.commit();
        }
    }

    /// @param scores (queries, rows)
    private static void write(ArrowWriter writer, ScoreBatch batch, double[][] scores) {
        for (int row = 0; row < batch.rowCount(); row++) {
            writer.column(ShardFormat.DOCUMENT).putString(batch.document(row));
            writer.column(ShardFormat.PART).putInt(batch.part(row));
            for (int query = 0; query < scores.length; query++) {
                writer.column(ShardFormat.BM25.firstQuery() + query).putDouble(scores[query][row]);
            }
            writer.endRow();
        }
        writer.endBatch();
    }

    private Path file(int shard) {
        return ShardFormat.BM25.file(directory, shard);
    }

    @Override
    public void close() {
        folder.close();
    }
}
