package dev.wellspring.run.fit;

import dev.wellspring.curvature.DocumentSums;
import dev.wellspring.curvature.LabelSampler;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.run.CommittedState;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One pass over the fitting documents that adds up sums: forward, backward, and the tap of the sums; committed at
/// the ends of shards.
final class DocumentPass {
    private final RunContext context;
    private final Decoder decoder;
    private final DocumentSource documents;
    private final Sharding sharding;
    private final Optional<LabelSampler> labels;

    /// @param labels draws the labels, or none for the documents' own
    DocumentPass(
            RunContext context,
            Decoder decoder,
            DocumentSource documents,
            Sharding sharding,
            Optional<LabelSampler> labels) {
        this.context = context;
        this.decoder = decoder;
        this.documents = documents;
        this.sharding = sharding;
        this.labels = labels;
    }

    /// Announces pass number `pass` of `passes`.
    void start(String stage, int pass, int passes) {
        String name = passes == 1 ? stage : stage + " " + (pass + 1) + "/" + passes;
        context.progress().start(name, documents.count().orElse(-1), "documents");
    }

    /// Brings the sums to the end of the documents, from where they were left.
    ///
    /// @param tracked the modules whose sums these are
    void run(String stage, CommittedState state, Set<LinearModule> tracked, DocumentSums sums) throws IOException {
        OptionalLong committed = state.units();
        if (committed.isPresent()) {
            sums.restore(state.at(committed.getAsLong()));
            context.progress().note(stage + ": going on after " + committed.getAsLong() + " documents");
        }
        accumulate(stage, state, tracked, sums, committed.orElse(0));
        state.record("skipped_documents", documents.skipped());
    }

    private void accumulate(String stage, CommittedState state, Set<LinearModule> tracked, DocumentSums sums, long from)
            throws IOException {
        long lastCommit = System.nanoTime();
        boolean endsShard = false;
        try (var reader = new BatchReader(documents, sharding, from, 0)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                if (endsShard && isDue(lastCommit)) { // not after the last batch: what follows saves all
                    commit(state, sums, batch.firstChunk());
                    lastCommit = System.nanoTime();
                    context.cancellation().check(batch.firstChunk() + " documents of stage " + stage);
                }
                PackedBatch rows = batch.pack();
                decoder.gradients(rows, uniforms(batch, rows), tracked, sums);
                context.progress().advance(batch.chunks().size(), batch.tokens());
                context.metrics().count(stage, "documents", batch.chunks().size());
                context.metrics().count(stage, "tokens", batch.tokens());
                endsShard = batch.endsShard();
            }
        }
    }

    private boolean isDue(long lastCommit) {
        return context.cancellation().isRequested()
                || System.nanoTime() - lastCommit >= context.commitEvery().toNanos();
    }

    private static void commit(CommittedState state, DocumentSums sums, long chunks) throws IOException {
        Path file = state.at(chunks);
        sums.save(file);
        state.deleteOlderThan(file);
    }

    /// One number for every row, or none when the labels are the documents' own.
    private double @Nullable [] uniforms(Batch batch, PackedBatch rows) {
        if (labels.isEmpty()) {
            return null;
        }
        long[] documents =
                LongStream.range(batch.firstChunk(), batch.endChunk()).toArray();
        return labels.get().uniforms(documents, rows.offsets());
    }
}
