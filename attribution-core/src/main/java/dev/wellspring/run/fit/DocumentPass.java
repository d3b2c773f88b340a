package dev.wellspring.run.fit;

import dev.wellspring.curvature.DocumentSums;
import dev.wellspring.curvature.LabelSampler;
import dev.wellspring.model.HeadGradients;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.run.CommittedState;
import dev.wellspring.run.Replicas;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.Turns;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One pass over the fitting documents that adds up sums: forward, backward, and the tap of the sums; committed at
/// the ends of shards.
///
/// Each device has sums of its own. The batches of a shard go to the devices in turn; which is first follows
/// from the documents before the shard, so that a run which is taken up again adds the same batches to the
/// same sums.
final class DocumentPass {
    /// Commits take at most this part of the time, since large sums take long to write and devices wait; unless
    /// every shard is to be committed, after no time at all.
    private static final int COMMIT_SHARE = 10;

    private final RunContext context;
    private final Replicas replicas;
    private final DocumentSource documents;
    private final Sharding sharding;
    private final Optional<LabelSampler> labels;
    private final Optional<KeptHeadGradients> kept;

    /// @param labels draws the labels, or none for the documents' own
    /// @param kept head gradients, from one pass to the next, if they are kept
    DocumentPass(
            RunContext context,
            Replicas replicas,
            DocumentSource documents,
            Sharding sharding,
            Optional<LabelSampler> labels,
            Optional<KeptHeadGradients> kept) {
        this.context = context;
        this.replicas = replicas;
        this.documents = documents;
        this.sharding = sharding;
        this.labels = labels;
        this.kept = kept;
    }

    /// Announces pass number `pass` of `passes`.
    void start(String stage, int pass, int passes) {
        String name = passes == 1 ? stage : stage + " " + (pass + 1) + "/" + passes;
        context.progress().start(name, documents.count().orElse(-1), "documents");
    }

    /// Brings the sums to the end of the documents, from where they were left.
    ///
    /// @param tracked the modules whose sums these are
    /// @param sums one for each device
    /// @param last whether no pass over the documents follows
    void run(
            String stage,
            CommittedState state,
            Set<LinearModule> tracked,
            List<? extends DocumentSums> sums,
            boolean last)
            throws IOException {
        OptionalLong committed = state.units();
        if (committed.isPresent()) {
            List<Path> files = state.at(committed.getAsLong());
            for (int device = 0; device < sums.size(); device++) {
                sums.get(device).restore(files.get(device));
            }
            context.progress().note(stage + ": going on after " + committed.getAsLong() + " documents");
        }
        accumulate(stage, state, tracked, sums, committed.orElse(0), !last);
        if (last && kept.isPresent()) {
            kept.get().drop();
        }
        state.record("skipped_documents", documents.skipped());
    }

    private void accumulate(
            String stage,
            CommittedState state,
            Set<LinearModule> tracked,
            List<? extends DocumentSums> sums,
            long from,
            boolean keep)
            throws IOException {
        long lastCommit = System.nanoTime();
        long interval = context.commitEvery().toNanos();
        long turn = from;
        boolean endsShard = false;
        try (var reader = new BatchReader(documents, sharding, from, 0);
                Turns<Batch> turns = replicas.turns(0)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                if (endsShard && isDue(lastCommit, interval)) { // not after the last batch: what follows saves all
                    turns.settle();
                    long begun = System.nanoTime();
                    commit(state, sums, batch.firstChunk());
                    lastCommit = System.nanoTime();
                    interval = interval == 0 ? 0 : Math.max(interval, COMMIT_SHARE * (lastCommit - begun));
                    context.cancellation().check(batch.firstChunk() + " documents of stage " + stage);
                }
                turn = endsShard ? batch.firstChunk() : turn;
                int device = (int) (turn % replicas.count());
                turns.give(
                        device, addition(batch, device, tracked, sums.get(device), keep), done -> count(stage, done));
                endsShard = batch.endsShard();
                turn++;
            }
            turns.settle();
        }
    }

    private Supplier<Batch> addition(
            Batch batch, int device, Set<LinearModule> tracked, DocumentSums sums, boolean keep) {
        PackedBatch rows = batch.pack();
        double[] uniforms = uniforms(batch, rows);
        HeadGradients head = kept.map(all -> all.of(batch.firstChunk(), keep)).orElse(HeadGradients.NONE);
        return () -> {
            replicas.decoders().get(device).gradients(rows, uniforms, tracked, sums, head);
            return batch;
        };
    }

    private void count(String stage, Batch batch) {
        context.progress().advance(batch.chunks().size(), batch.tokens());
        context.metrics().count(stage, "documents", batch.chunks().size());
        context.metrics().count(stage, "tokens", batch.tokens());
    }

    private boolean isDue(long lastCommit, long interval) {
        return context.cancellation().isRequested() || System.nanoTime() - lastCommit >= interval;
    }

    private static void commit(CommittedState state, List<? extends DocumentSums> sums, long chunks)
            throws IOException {
        List<Path> files = state.at(chunks);
        for (int device = 0; device < sums.size(); device++) {
            sums.get(device).save(files.get(device));
        }
        state.deleteOthersThan(files);
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
