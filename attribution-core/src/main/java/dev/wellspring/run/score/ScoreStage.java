package dev.wellspring.run.score;

import dev.wellspring.influence.BatchScores;
import dev.wellspring.influence.Placement;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.influence.ScoreSink;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.run.Replicas;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.run.Turns;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Steps 6 to 9 of the method: ⟨P_q, G_d⟩ for all queries at once, in one pass over the documents, shard by shard.
final class ScoreStage implements Stage {
    private final RunContext context;
    private final Replicas replicas;
    private final DocumentSource documents;
    private final ScorePlan plan;
    private final Path block;
    private final ScoreShards shards;
    private final RunFolder folder;

    ScoreStage(
            RunContext context,
            Replicas replicas,
            DocumentSource documents,
            ScorePlan plan,
            Path block,
            ScoreShards shards,
            RunFolder folder) {
        this.context = context;
        this.replicas = replicas;
        this.documents = documents;
        this.plan = plan;
        this.block = block;
        this.shards = shards;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "scores";
    }

    @Override
    public boolean isComplete() {
        return folder.manifest().results().containsKey("documents");
    }

    @Override
    public void run() {
        long done = shards.wholeChunks();
        context.progress().start(name(), documents.count().orElse(-1), "documents");
        if (done > 0) {
            context.progress().note(name() + ": going on after " + done + " documents");
            context.progress().advance(done, 0);
        }
        Placement placement = placement();
        List<Scorer> scorers = new ArrayList<>();
        try (var opened = new Closing();
                var reader = new BatchReader(documents, plan.sharding(), done, shards.wholeShards())) {
            for (int device = 0; device < replicas.count(); device++) {
                scorers.add(open(device, placement, opened));
            }
            folder.record("contractions", contractions(scorers.getFirst().kernel()));
            if (placement == Placement.OFFLOADED) {
                folder.record("query_block", "offloaded to the host's memory");
            }
            long chunks = score(scorers, reader, done);
            folder.record("skipped_documents", documents.skipped());
            folder.record("documents", chunks); // last, as it says that the stage is complete
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    /// What a device scores with.
    private record Scorer(Decoder decoder, ScoreKernel kernel) {}

    private Scorer open(int device, Placement placement, Closing opened) throws IOException {
        LinearAlgebra algebra = replicas.devices().get(device);
        QueryBlock queries = opened.add(QueryBlock.load(algebra, block, plan.modules(), placement));
        var kernel = new ScoreKernel(algebra, queries, plan.capacity(), plan.options(), plan.scratch());
        return new Scorer(replicas.decoders().get(device), opened.add(kernel));
    }

    /// By the rank that the run began with.
    private Placement placement() {
        return plan.placement(RankChoice.rank(folder.manifest().settings().getOrDefault("rank", "full")));
    }

    /// Scores what is left, and returns the number of all chunks.
    private long score(List<Scorer> scorers, BatchReader reader, long done) {
        long chunks = done;
        try (var writer = new ShardWriter();
                Turns<Scored> turns = replicas.turns(resultBytes())) {
            int device = 0;
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                turns.give(device, scoring(batch, scorers.get(device)), writer::write);
                device = (device + 1) % scorers.size();
                chunks = batch.endChunk();
            }
            turns.settle();
        }
        if (chunks == 0) {
            throw new RunRefusedException(
                    "--documents: expected at least one document of two tokens or more, found none");
        }
        return chunks;
    }

    /// What [Scored] takes on the heap for a full batch, and as much again while it is written.
    private long resultBytes() {
        long each = plan.options().rowScores() ? 2L * plan.capacity().rows() : 0;
        long modules = plan.options().moduleScores() ? plan.modules().size() : 0;
        return (each + (1 + modules) * plan.capacity().documents()) * plan.queries() * Double.BYTES;
    }

    /// What came of a batch.
    ///
    /// @param losses of each document, in nats
    private record Scored(Batch batch, PackedBatch rows, double[] losses, BatchScores scores) {}

    private Supplier<Scored> scoring(Batch batch, Scorer scorer) {
        PackedBatch rows = batch.pack();
        Set<LinearModule> tracked = new LinkedHashSet<>(plan.modules());
        return () -> {
            double[] losses = rows.sums(scorer.decoder().gradients(rows, null, tracked, scorer.kernel()));
            return new Scored(batch, rows, losses, scorer.kernel().finish());
        };
    }

    /// Writes what comes of batches in their order, a shard at a time.
    private final class ShardWriter implements AutoCloseable {
        private @Nullable ScoreSink open;

        void write(Scored scored) {
            ScoreSink sink = open == null ? shards.open(scored.batch().shard()) : open;
            open = sink;
            put(scored, sink);
            if (scored.batch().endsShard()) {
                sink.commit();
                close();
                context.cancellation().check(scored.batch().endChunk() + " documents");
            }
        }

        @Override
        public void close() {
            ScoreSink sink = open;
            open = null;
            if (sink != null) {
                sink.close();
            }
        }
    }

    private void put(Scored scored, ScoreSink sink) {
        PackedBatch rows = scored.rows();
        BatchScores scores = scored.scores();
        for (int d = 0; d < rows.documents(); d++) {
            int from = rows.offsets()[d];
            int to = rows.offsets()[d + 1];
            DocumentChunk chunk = scored.batch().chunks().get(d);
            var document = new ScoredDocument(
                    chunk.document(),
                    chunk.part(),
                    chunk.source(),
                    chunk.tokens().length,
                    scored.losses()[d],
                    Math.sqrt(Math.max(0, scores.squaredNorms()[d])), // float32 may cancel to just below zero
                    chunk.preview(),
                    chunk.extras(),
                    Arrays.copyOfRange(scores.scores(), d * plan.queries(), (d + 1) * plan.queries()));
            sink.write(document, tokenScores(scores, from, to), moduleScores(scores, d));
        }
        Batch batch = scored.batch();
        context.progress().advance(batch.chunks().size(), batch.tokens());
        context.metrics().count(name(), "documents", batch.chunks().size());
        context.metrics().count(name(), "tokens", batch.tokens());
    }

    /// (queries, rows of the document)
    private double @Nullable [][] tokenScores(BatchScores scores, int from, int to) {
        if (!plan.options().rowScores()) {
            return null;
        }
        double[][] shares = new double[plan.queries()][to - from];
        for (int q = 0; q < shares.length; q++) {
            for (int row = from; row < to; row++) {
                shares[q][row - from] = scores.rowScores()[row * plan.queries() + q];
            }
        }
        return shares;
    }

    /// (modules, queries)
    private double @Nullable [][] moduleScores(BatchScores scores, int document) {
        if (!plan.options().moduleScores()) {
            return null;
        }
        return plan.modules().stream()
                .map(module -> Arrays.copyOfRange(
                        scores.moduleScores().getOrDefault(module, new double[0]),
                        document * plan.queries(),
                        (document + 1) * plan.queries()))
                .toArray(double[][]::new);
    }

    /// Which contraction each module takes, and the operations of both, which decide it, on a device with bytes.
    private static List<String> contractions(ScoreKernel kernel) {
        return kernel.plans().stream()
                .map(plan -> String.format(
                        Locale.ROOT,
                        "%s: %s (%.3g operations a batch by rows, %.3g formed)",
                        plan.module().name(),
                        plan.contraction().name().toLowerCase(Locale.ROOT),
                        (double) plan.rowsOperations(),
                        (double) plan.formedOperations()))
                .toList();
    }
}
