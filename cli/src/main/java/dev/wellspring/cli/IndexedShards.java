package dev.wellspring.cli;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.run.index.GradientShards;
import dev.wellspring.store.gradients.GradientShardWriter;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.GradientStoreWriter;
import java.nio.file.Path;
import java.util.List;

/// The shards of a gradient store, as an index run sees them.
final class IndexedShards implements GradientShards {
    private final Path store;
    private final GradientLayout layout;
    private final GradientStoreWriter writer;

    /// @param disks that take shards; the store's own folder if there are none
    IndexedShards(Path store, GradientLayout layout, List<Path> disks) {
        this.store = store;
        this.layout = layout;
        this.writer = new GradientStoreWriter(store, layout, disks);
    }

    @Override
    public int visibleShards() {
        return GradientSnapshot.exists(store)
                ? GradientSnapshot.read(store).shards().size()
                : 0;
    }

    @Override
    public Whole wholeFrom(int first) {
        return new Whole(writer.shards() - first, writer.documents(first));
    }

    @Override
    public List<Path> disks() {
        return writer.folders();
    }

    @Override
    public GradientSink open(int shard) {
        return new GradientShardWriter(shard, layout);
    }

    @Override
    public void show(int shards) {
        writer.commit(shards);
    }
}
