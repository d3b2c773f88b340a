package dev.wellspring.run.index;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.GradientCompressor;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Documents of a store through the model once more, in the batches in which they were indexed: on the same machine,
/// what comes out has the same bytes.
public final class Recomputation implements AutoCloseable {
    private final RunContext context;
    private final Sharding sharding;
    private final Decoder decoder;
    private final GradientPass pass;
    private @Nullable Reading reading;

    /// A pass over documents that goes on where the last request ended.
    private static final class Reading implements AutoCloseable {
        private final DocumentSource documents;
        private final BatchReader reader;
        private @Nullable Batch batch;

        Reading(DocumentSource documents, Sharding sharding, long skip, int shard) {
            this.documents = documents;
            this.reader = new BatchReader(documents, sharding, skip, shard);
            this.batch = reader.next();
        }

        void advance() {
            batch = reader.next();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /// @param context with the backend that the addition was computed on
    /// @param store its folder
    /// @param addition the documents
    /// @param type that the store was computed in
    public Recomputation(
            RunContext context,
            Checkpoint checkpoint,
            Path store,
            GradientLayout layout,
            Addition addition,
            DType type,
            MemoryBudget memory)
            throws IOException {
        this.context = context;
        this.sharding = addition.sharding();
        DecoderConfig config = DecoderConfig.read(checkpoint.config());
        List<LinearModule> modules = ModuleSelection.stored(config, layout);
        int rows = sharding.batchRows();
        var capacity = new BatchCapacity(rows, sharding.batchDocuments());
        memory.require(
                "gradients of a batch and a shard, as they were indexed",
                memory.workingBytes(config, type, rows, addition.maxTokens() - 1)
                        + GradientCompressor.byteSize(modules, layout, capacity, type)
                        + 2 * sharding.shardChunks() * layout.bytesPerDocument());
        this.decoder = context.load(checkpoint, type, rows);
        boolean opened = false;
        try {
            var basis = new BasisFile(store.resolve(BasisFile.NAME));
            this.pass = new GradientPass(context.algebra(), decoder, basis, modules, layout, sharding, type);
            opened = true;
        } finally {
            if (!opened) {
                decoder.close();
            }
        }
    }

    /// Computes consecutive chunks again. Requests of rising chunks of the same documents read them once.
    ///
    /// @param documents which
    /// @param shard the number of the shard
    /// @param firstChunk the number of the shard's first chunk among the documents
    /// @param from the first chunk that is wanted, counted from the shard's first
    /// @param count how many
    /// @param sink gets exactly those
    /// @throws RunRefusedException when the documents end before
    public void write(DocumentSource documents, int shard, long firstChunk, long from, long count, GradientSink sink) {
        long next = firstChunk + from;
        long end = next + count;
        Reading open = reading(documents, shard, firstChunk, next);
        while (next < end) {
            Batch batch = open.batch;
            if (batch == null) {
                throw new RunRefusedException("--documents: expected more than " + next
                        + " chunks, found no more; give the documents that the store was made from");
            }
            if (next < batch.endChunk()) {
                int first = (int) (next - batch.firstChunk());
                int last =
                        (int) Math.min(end - batch.firstChunk(), batch.chunks().size());
                pass.write(batch, first, last, sink);
                context.progress().advance(last - first, batch.tokens());
                next += last - first;
            }
            if (next >= batch.endChunk()) {
                open.advance();
            }
            context.cancellation().check("what was repaired");
        }
    }

    private Reading reading(DocumentSource documents, int shard, long firstChunk, long next) {
        Reading open = reading;
        if (open != null && open.documents.equals(documents) && open.batch != null && open.batch.firstChunk() <= next) {
            return open;
        }
        endReading();
        open = new Reading(documents, sharding, firstChunk, shard);
        reading = open;
        return open;
    }

    /// Lets go of the documents that were read last.
    public void endReading() {
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }

    @Override
    public void close() {
        endReading();
        pass.close();
        decoder.close();
    }
}
