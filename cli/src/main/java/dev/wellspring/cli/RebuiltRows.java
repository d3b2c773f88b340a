package dev.wellspring.cli;

import dev.wellspring.gradient.GradientSink;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.index.Addition;
import dev.wellspring.run.index.Recomputation;
import dev.wellspring.store.gradients.GradientShardReader;
import dev.wellspring.store.gradients.GradientSnapshot;
import dev.wellspring.store.gradients.LostRows;
import dev.wellspring.store.gradients.ShardEntry;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Lost rows of a store, computed again as they were: from the token ids that their shard has kept, if it has kept all
/// of
/// them, else from the corpus.
final class RebuiltRows implements LostRows.Source, AutoCloseable {
    private final RunScope scope;
    private final Checkpoint checkpoint;
    private final Path store;
    private final GradientSnapshot snapshot;
    private final IndexedDocuments documents;
    private final DType type;
    private final int threads;
    private final MemoryBudget memory;
    private @Nullable Computer computer;

    /// What computes the documents of one addition.
    private record Computer(Addition addition, Engine engine, Recomputation recomputation) implements AutoCloseable {
        @Override
        public void close() {
            recomputation.close();
            engine.close();
        }
    }

    /// @param store its folder
    /// @param manifest of the store
    /// @param snapshot of the store
    RebuiltRows(
            RunScope scope,
            Checkpoint checkpoint,
            Path store,
            Manifest manifest,
            GradientSnapshot snapshot,
            IndexedDocuments documents,
            int threads,
            MemoryBudget memory) {
        this.scope = scope;
        this.checkpoint = checkpoint;
        this.store = store;
        this.snapshot = snapshot;
        this.documents = documents;
        this.type = DType.valueOf(manifest.settings().getOrDefault("dtype", "").toUpperCase(Locale.ROOT));
        this.threads = threads;
        this.memory = memory;
    }

    @Override
    public void supply(LostRows lost, @Nullable GradientShardReader shard, GradientSink sink) {
        Addition addition = documents.holding(lost.shard());
        if (shard != null && shard.knowsDocuments()) {
            recompute(addition, lost, new ShardDocuments(shard), 0, sink);
            computer(addition).recomputation().endReading(); // the shard is closed before the next one
        } else {
            CorpusSource corpus = corpus(addition, lost, shard);
            GradientSink checked = lost.known().isEmpty()
                    ? sink
                    : new KnownRows(sink, lost.known().iterator());
            recompute(addition, lost, corpus, addition.firstChunk(lost.shard()), checked);
        }
    }

    private void recompute(
            Addition addition, LostRows lost, DocumentSource source, long firstChunk, GradientSink sink) {
        Recomputation recomputation = computer(addition).recomputation();
        Progress progress = scope.progress();
        progress.start("rebuild", lost.rows(), "documents");
        recomputation.write(source, lost.shard(), firstChunk, lost.firstRow(), lost.rows(), sink);
        progress.start("repair", snapshot.documents(), "documents");
        progress.advance(documentsBefore(lost.shard()), 0);
    }

    /// The documents as files, once it is sure that the numbers of rows are still those of chunks.
    private CorpusSource corpus(Addition addition, LostRows lost, @Nullable GradientShardReader shard) {
        CorpusSource corpus = documents.corpus(addition);
        if (corpus == null) {
            throw new RunRefusedException(store + ": the token ids of some documents of shard " + lost.shard()
                    + " cannot be read; give --documents, or drop what is damaged by repairing without --model");
        }
        long found = shard == null ? lost.rows() : shard.documents();
        long indexed = addition.chunks(lost.shard());
        if (indexed >= 0 && indexed != found) {
            throw new RunRefusedException(store + ": an earlier repair has dropped " + (indexed - found) + " of "
                    + indexed + " documents of shard " + lost.shard() + ", so that their number does not tell which"
                    + " these are; drop them by repairing without --model, then 'index --append' them");
        }
        return corpus;
    }

    private long documentsBefore(int shard) {
        return snapshot.shards().stream()
                .limit(shard)
                .mapToLong(ShardEntry::documents)
                .sum();
    }

    private Computer computer(Addition addition) {
        Computer current = computer;
        if (current == null || !current.addition().equals(addition)) {
            if (current != null) {
                computer = null;
                current.close();
            }
            current = open(addition);
            computer = current;
        }
        return current;
    }

    private Computer open(Addition addition) {
        var engine = new Engine(scope, addition.backend(), type, threads);
        boolean opened = false;
        try {
            var recomputation =
                    new Recomputation(engine.context(), checkpoint, store, snapshot.layout(), addition, type, memory);
            opened = true;
            return new Computer(addition, engine, recomputation);
        } catch (IOException failure) {
            throw new UncheckedIOException(store + ": " + failure.getMessage(), failure);
        } finally {
            if (!opened) {
                engine.close();
            }
        }
    }

    @Override
    public void close() {
        if (computer != null) {
            computer.close();
        }
    }
}
