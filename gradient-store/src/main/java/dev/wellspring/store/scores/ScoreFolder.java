package dev.wellspring.store.scores;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Places;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All shards of a run directory, `scores-00000.arrow` and following, in order and memory-mapped.
///
/// Files that end in `.part` are unfinished shards and are ignored. One thread at a time.
public final class ScoreFolder implements AutoCloseable {
    private final Path directory;
    private final List<ScoreShardReader> shards = new ArrayList<>();
    private final Map<Path, ShareFile> shares = new HashMap<>();
    private boolean hasBm25;

    private ScoreFolder(Path directory) {
        this.directory = directory;
    }

    /// Opens every shard and checks that they belong together.
    ///
    /// @throws StoreFileException if there is none, one is missing in between, one is damaged, or two are of
    ///     different runs
    public static ScoreFolder open(Path directory) {
        ScoreFolder folder = new ScoreFolder(directory);
        boolean opened = false;
        try {
            folder.openShards();
            folder.addBm25();
            opened = true;
            return folder;
        } finally {
            if (!opened) {
                folder.close();
            }
        }
    }

    /// Whether a folder holds at least one whole shard.
    ///
    /// @throws StoreFileException if it cannot be read
    public static boolean hasShards(Path directory) {
        return countShards(directory) > 0;
    }

    private void openShards() {
        int count = countShards(directory);
        if (count == 0) {
            throw new StoreFileException(
                    directory, "holds no scores-00000.arrow; give a folder that wellspring score has written");
        }
        for (int shard = 0; shard < count; shard++) {
            Path file = ShardFormat.SCORES.file(directory, shard);
            if (!Files.exists(file)) {
                throw new StoreFileException(
                        file, "is missing, " + count + " shards exist; run the score again, it writes what is missing");
            }
            shards.add(new ScoreShardReader(file, shard));
            if (!shards.getLast().layout().equals(layout())) {
                throw new StoreFileException(
                        file, "belongs to another run than shard 0 (other run digest, queries or type); remove it");
            }
        }
    }

    private void addBm25() {
        boolean whole = IntStream.range(0, shards.size())
                .mapToObj(shard -> ShardFormat.BM25.file(directory, shard))
                .allMatch(Files::exists);
        for (int shard = 0; whole && shard < shards.size(); shard++) {
            shards.get(shard).addBm25(ShardFormat.BM25.file(directory, shard));
        }
        hasBm25 = whole;
    }

    private static int countShards(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("scores-\\d{5,}\\.arrow"))
                    .count();
        } catch (IOException e) {
            throw new StoreFileException(directory, "cannot be read (" + ArrowReader.reason(e) + ")", e);
        }
    }

    /// What all shards hold.
    public ScoreLayout layout() {
        return shards.getFirst().layout();
    }

    public int shardCount() {
        return shards.size();
    }

    /// The number of documents, chunks counted one by one.
    public long rowCount() {
        return shards.stream().mapToLong(ScoreShardReader::rowCount).sum();
    }

    /// Whether the BM25 scores of every document are there as well.
    public boolean hasBm25() {
        return hasBm25;
    }

    /// The number of a query by its id.
    ///
    /// @throws StoreFileException if the run has no such query
    public int query(String id) {
        int query = layout().queries().indexOf(id);
        if (query < 0) {
            throw new StoreFileException(
                    directory, "has no query \"" + id + "\"; it has " + String.join(", ", layout().queries()));
        }
        return query;
    }

    /// Every batch in the order of shards and documents.
    public void forEachBatch(Consumer<ScoreBatch> action) {
        for (ScoreShardReader shard : shards) {
            for (int i = 0; i < shard.batchCount(); i++) {
                action.accept(shard.batch(i));
            }
        }
    }

    List<ScoreShardReader> shards() {
        return shards;
    }

    /// Ranks all documents for one query in one pass over a column.
    ///
    /// @param query its number in the layout
    /// @param queryLoss −ln p(completion | prompt) of that query, nats
    /// @param by what they are ranked by
    /// @return holds the best k, and how many were NaN and therefore not ranked
    public TopK<ScoreRow> top(int query, double queryLoss, int k, RowValue by, Tail tail) {
        TopK<ScoreRow> top = new TopK<>(k, tail);
        forEachBatch(batch -> {
            for (int row = 0; row < batch.rowCount(); row++) {
                top.offer(by.of(batch, row), row, r -> ScoreRow.of(batch, r, query, queryLoss));
            }
        });
        return top;
    }

    /// The same by influence.
    public TopK<ScoreRow> top(int query, double queryLoss, int k, Normalisation by, Tail tail) {
        return top(query, queryLoss, k, RowValue.influence(query, queryLoss, by), tail);
    }

    /// Where some values stand among those of all documents, in one pass over a column: see [Places].
    ///
    /// @param of what the values are of
    /// @return (values) from 1, or 0 for NaN
    public long[] places(RowValue of, double[] values) {
        var places = new Places(values);
        forEachBatch(batch -> {
            double[] column = new double[batch.rowCount()];
            Arrays.setAll(column, row -> of.of(batch, row));
            places.accept(column, column.length);
        });
        return Arrays.stream(values).mapToLong(places::of).toArray();
    }

    /// (documents) a value of every document, in the order of the shards.
    public double[] column(RowValue value) {
        double[] column = new double[Math.toIntExact(rowCount())];
        int[] next = {0};
        forEachBatch(batch -> {
            for (int row = 0; row < batch.rowCount(); row++) {
                column[next[0]++] = value.of(batch, row);
            }
        });
        return column;
    }

    /// (rows of the document) the score of each row for one query; they add up to the raw score.
    ///
    /// @return null if the run did not keep token scores
    public double @Nullable [] tokenScores(ScoreRow row, int query) {
        return tokenScores(row.shard(), row.index(), query);
    }

    /// The same of a document by its place.
    ///
    /// @param row its number in the shard
    public double @Nullable [] tokenScores(int shard, long row, int query) {
        return ShardFormat.TOKENS.isKept(layout())
                ? shares(ShardFormat.TOKENS, shard).of(row, query)
                : null;
    }

    /// (modules) the share of each tracked module in the score for one query, in the order of the layout's
    /// modules.
    ///
    /// @return null if the run did not keep module scores
    public double @Nullable [] moduleScores(ScoreRow row, int query) {
        return ShardFormat.MODULES.isKept(layout())
                ? shares(ShardFormat.MODULES, row.shard()).of(row.index(), query)
                : null;
    }

    /// Files stay open once they were asked for.
    private ShareFile shares(ShardFormat format, int shard) {
        return shares.computeIfAbsent(format.file(directory, shard), file -> new ShareFile(file, format, layout()));
    }

    /// Reads every byte of every file and compares the checksums.
    ///
    /// @return one line per damaged file, none if all is well
    public List<String> verify() {
        List<String> problems = new ArrayList<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            for (ShardFormat format : ShardFormat.values()) {
                if (format.isKept(layout()) || (format == ShardFormat.BM25 && hasBm25)) {
                    try {
                        ScoreShardReader.verify(format.file(directory, shard), format.origin());
                    } catch (StoreFileException e) {
                        problems.add(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        problems.addAll(QueryTokenScores.verify(directory));
        return problems;
    }

    @Override
    public void close() {
        shards.forEach(ScoreShardReader::close);
        shares.values().forEach(ShareFile::close);
    }
}
