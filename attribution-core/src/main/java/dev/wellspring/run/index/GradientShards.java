package dev.wellspring.run.index;

import dev.wellspring.gradient.GradientSink;
import java.nio.file.Path;
import java.util.List;

/// Where the shards of a gradient store lie. What writes files implements it.
public interface GradientShards {
    /// How many shards readers see.
    int visibleShards();

    /// How many shards from number `first` on an earlier process has left whole, and how many documents they hold.
    Whole wholeFrom(int first);

    /// @param shards how many
    /// @param documents in them, chunks counted one by one
    record Whole(int shards, long documents) {}

    /// The folders that shards may be put into.
    List<Path> disks();

    /// Begins a shard in memory.
    GradientSink open(int shard);

    /// Lets readers see every shard below `shards`, all at once.
    void show(int shards);
}
