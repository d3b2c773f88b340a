package dev.wellspring.cli;

import dev.wellspring.influence.ScoreSink;
import dev.wellspring.run.score.ScoreShards;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreLayout;
import dev.wellspring.store.scores.ScoreShardWriter;
import java.nio.file.Path;

/// The shards of a run folder.
final class StoredShards implements ScoreShards {
    private final Path folder;
    private final ScoreLayout layout;
    private final int wholeShards;
    private final long wholeChunks;

    StoredShards(Path folder, ScoreLayout layout) {
        this.folder = folder;
        this.layout = layout;
        int shards = 0;
        long chunks = 0;
        if (ScoreFolder.hasShards(folder)) {
            try (ScoreFolder written = ScoreFolder.open(folder)) {
                shards = written.shardCount();
                chunks = written.rowCount();
            }
        }
        this.wholeShards = shards;
        this.wholeChunks = chunks;
    }

    @Override
    public int wholeShards() {
        return wholeShards;
    }

    @Override
    public long wholeChunks() {
        return wholeChunks;
    }

    @Override
    public ScoreSink open(int shard) {
        return new ScoreShardWriter(folder, shard, layout);
    }
}
