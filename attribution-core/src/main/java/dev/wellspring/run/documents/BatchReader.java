package dev.wellspring.run.documents;

import dev.wellspring.run.CancelledException;
import dev.wellspring.run.RunRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Reads, tokenises and packs ahead of the model on a thread of its own.
public final class BatchReader implements AutoCloseable {
    /// Enough to hide the reading of a batch behind the computation of another; few enough to stay small.
    private static final int AHEAD = 4;

    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(AHEAD);
    private final Thread thread;
    private final Sharding sharding;
    private @Nullable Item last;

    private sealed interface Item {}

    private record Ready(Batch batch) implements Item {}

    private record Failed(Throwable failure) implements Item {}

    private record End() implements Item {}

    /// @param skip the chunks before the first batch; a shard begins there
    /// @param shard the number of that shard
    public BatchReader(DocumentSource source, Sharding sharding, long skip, int shard) {
        this.sharding = sharding;
        this.thread = Thread.ofPlatform().name("documents").daemon().start(() -> produce(source, skip, shard));
    }

    /// The next batch, or null after the last one. What went wrong while reading is thrown here.
    public @Nullable Batch next() {
        if (last == null) {
            try {
                Item item = queue.take();
                if (item instanceof Ready ready) {
                    return ready.batch();
                }
                last = item;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CancelledException("interrupted while waiting for documents");
            }
        }
        if (last instanceof Failed failed) {
            rethrow(failed.failure());
        }
        return null;
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case Error error -> throw error;
            case RuntimeException unchecked -> throw unchecked;
            default -> throw new IllegalStateException("documents: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        queue.clear();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void produce(DocumentSource source, long skip, int shard) {
        try {
            try (DocumentSource.Chunks chunks = source.open(sharding.maxDocuments() < 0 ? skip : 0)) {
                pack(chunks, skip, shard);
                queue.put(new End());
            } catch (RuntimeException | Error failure) { // else the run would wait for documents for ever
                queue.put(new Failed(failure));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void pack(DocumentSource.Chunks chunks, long skip, int firstShard) throws InterruptedException {
        List<DocumentChunk> pending = new ArrayList<>();
        long first = skip;
        long documents = sharding.maxDocuments() < 0 ? 0 : documentsIn(chunks, skip);
        long shardTokens = 0;
        long shardChunks = 0;
        int rows = 0;
        int shard = firstShard;
        while (chunks.hasNext()) {
            DocumentChunk chunk = chunks.next();
            documents += chunk.part() == 0 ? 1 : 0;
            if (sharding.maxDocuments() >= 0 && documents > sharding.maxDocuments()) {
                break;
            }
            requireFits(chunk);
            boolean endsShard = shardTokens >= sharding.shardTokens() || shardChunks == sharding.shardChunks();
            boolean isFull = rows + chunk.rows() > sharding.batchRows() || pending.size() == sharding.batchDocuments();
            if (isFull || endsShard) {
                queue.put(new Ready(new Batch(first, shard, endsShard, pending)));
                first += pending.size();
                pending = new ArrayList<>();
                rows = 0;
                if (endsShard) {
                    shard++;
                    shardTokens = 0;
                    shardChunks = 0;
                }
            }
            pending.add(chunk);
            rows += chunk.rows();
            shardTokens += chunk.tokens().length;
            shardChunks++;
        }
        if (!pending.isEmpty()) {
            queue.put(new Ready(new Batch(first, shard, true, pending)));
        }
    }

    /// Passes over the chunks that an earlier process has done with; a limit counts their documents too.
    private static long documentsIn(DocumentSource.Chunks chunks, long skip) {
        long documents = 0;
        for (long skipped = 0; skipped < skip && chunks.hasNext(); skipped++) {
            documents += chunks.next().part() == 0 ? 1 : 0;
        }
        return documents;
    }

    private void requireFits(DocumentChunk chunk) {
        if (chunk.rows() > sharding.batchRows()) {
            throw new RunRefusedException(chunk.document() + ": expected at most " + sharding.batchRows()
                    + " predictions in one piece, got " + chunk.rows() + "; lower --max-tokens or raise --memory");
        }
    }
}
