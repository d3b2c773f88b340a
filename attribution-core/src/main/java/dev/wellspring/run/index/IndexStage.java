package dev.wellspring.run.index;

import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/// The gradients of documents into the store, in one pass, shard by shard; disks write while the model computes.
final class IndexStage implements Stage {
    private final RunContext context;
    private final Decoder decoder;
    private final DocumentSource documents;
    private final List<LinearModule> modules;
    private final GradientLayout layout;
    private final BasisFile basis;
    private final Sharding sharding;
    private final IndexSettings settings;
    private final GradientShards shards;
    private final RunFolder folder;
    private double squaredError;
    private int shardsInAll;

    IndexStage(
            RunContext context,
            Decoder decoder,
            DocumentSource documents,
            List<LinearModule> modules,
            GradientLayout layout,
            BasisFile basis,
            Sharding sharding,
            IndexSettings settings,
            GradientShards shards,
            RunFolder folder) {
        this.context = context;
        this.decoder = decoder;
        this.documents = documents;
        this.modules = modules;
        this.layout = layout;
        this.basis = basis;
        this.sharding = sharding;
        this.settings = settings;
        this.shards = shards;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "index";
    }

    @Override
    public boolean isComplete() {
        return folder.manifest().results().containsKey(Addition.DOCUMENTS);
    }

    @Override
    public void run() {
        int first = firstShard();
        GradientShards.Whole whole = shards.wholeFrom(first);
        long done = whole.documents();
        shardsInAll = first + whole.shards();
        context.progress().start(name(), documents.count().orElse(-1), "documents");
        if (done > 0) {
            context.progress().note(name() + ": going on after " + done + " documents");
            context.progress().advance(done, 0);
        }
        try (var pass = new GradientPass(
                        context.algebra(), decoder, basis, modules, layout, sharding, settings.type());
                var reader = new BatchReader(documents, sharding, done, first + whole.shards());
                var writers = new DiskWriters(shards.disks(), context.progress())) {
            long chunks = index(pass, reader, writers, done);
            writers.finish();
            shards.show(shardsInAll);
            folder.record("skipped_documents", documents.skipped());
            folder.record(Addition.DOCUMENTS, chunks); // last, as it says that the stage is complete
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    /// The number of the first shard of these documents: what readers saw when the stage first began.
    private int firstShard() {
        if (folder.manifest().results().get(Addition.FIRST_SHARD) instanceof Number number) {
            return number.intValue();
        }
        int first = shards.visibleShards();
        folder.record(Addition.FIRST_SHARD, first);
        return first;
    }

    /// Indexes what is left, and returns the number of all chunks.
    private long index(GradientPass pass, BatchReader reader, DiskWriters writers, long done) {
        long chunks = done;
        for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
            try (GradientSink sink = shards.open(batch.shard())) {
                for (Batch next = batch; next != null; next = next.endsShard() ? null : reader.next()) {
                    index(next, pass, sink);
                    chunks = next.endChunk();
                }
                writers.put(sink.finish());
                shardsInAll = batch.shard() + 1;
            }
            context.cancellation().check(chunks + " documents");
        }
        if (chunks == 0) {
            throw new RunRefusedException(
                    "--documents: expected at least one document of two tokens or more, found none");
        }
        if (chunks > done) {
            context.progress()
                    .note(String.format(
                            Locale.ROOT,
                            "index: %s of what is kept costs a relative error of %.2g",
                            layout.precision().word(),
                            Math.sqrt(squaredError / (chunks - done))));
        }
        return chunks;
    }

    /// A store keeps token ids, and not yet where their loss begins.
    private static void requireText(DocumentChunk chunk) {
        if (chunk.lossStart() > 0) {
            throw new RunRefusedException(
                    chunk.document() + ": expected a document with text, found prompt and completion,"
                            + " which a store does not keep apart; use score, or join them in a field text");
        }
    }

    private void index(Batch batch, GradientPass pass, GradientSink sink) {
        batch.chunks().forEach(IndexStage::requireText);
        squaredError += pass.write(batch, 0, batch.chunks().size(), sink);
        context.progress().advance(batch.chunks().size(), batch.tokens());
        context.metrics().count(name(), "documents", batch.chunks().size());
        context.metrics().count(name(), "tokens", batch.tokens());
    }
}
