package dev.wellspring.run.score;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.influence.QueryRows;
import dev.wellspring.influence.QueryTokenKernel;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.run.Manifest;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What each token of a query adds to its score with each document at the ends of its rankings: one more pass
/// over the documents, in which only those few go through the model. Which they are is known when all are
/// scored, so this follows the scores. Whole shards are kept; after a kill it goes on behind them.
///
/// Where the modules do not fit into memory together, every shard goes through the model several times, with some of
/// them each time.
final class QueryTokenStage implements Stage {
    /// The finding that says that the stage is complete, and of how many documents.
    static final String FINDING = "query_tokens";

    private static final String ENDS = "documents_at_either_end";

    /// So many documents are lost with a kill, at most, and wait in memory until their shard is written.
    private static final int SHARD_DOCUMENTS = 512;

    private final RunContext context;
    private final Decoder decoder;
    private final DocumentSource documents;
    private final List<QueryInput> queries;
    private final ScorePlan plan;
    private final FactorFiles factors;
    private final QueryTokenShards shards;
    private final RunFolder folder;

    QueryTokenStage(
            RunContext context,
            Decoder decoder,
            DocumentSource documents,
            List<QueryInput> queries,
            ScorePlan plan,
            FactorFiles factors,
            QueryTokenShards shards,
            RunFolder folder) {
        this.context = context;
        this.decoder = decoder;
        this.documents = documents;
        this.queries = queries;
        this.plan = plan;
        this.factors = factors;
        this.shards = shards;
        this.folder = folder;
    }

    /// At how many documents of either end of its rankings a run has looked; 0 where it has not.
    static int ends(Manifest manifest) {
        return manifest.results().get(FINDING) instanceof Map<?, ?> found && found.get(ENDS) instanceof Number ends
                ? ends.intValue()
                : 0;
    }

    @Override
    public String name() {
        return "query tokens";
    }

    @Override
    public boolean isComplete() {
        return ends(folder.manifest()) >= shards.ends();
    }

    @Override
    public void run() {
        List<TailDocument> tails = shards.documents();
        List<List<LinearModule>> passes = plan.queryTokenPasses(queries);
        context.progress().start(name(), tails.size(), "documents");
        int done = 0;
        while ((long) done * SHARD_DOCUMENTS < tails.size() && shards.isWhole(done)) {
            done++;
        }
        if (done > 0) {
            int kept = Math.min(tails.size(), done * SHARD_DOCUMENTS);
            context.progress().note(name() + ": going on after " + kept + " documents");
            context.progress().advance(kept, 0);
        }
        var sharding = new Sharding(
                plan.sharding().batchRows(), plan.sharding().batchDocuments(), Long.MAX_VALUE, SHARD_DOCUMENTS, -1);
        try (var reader =
                new BatchReader(new TailSource(documents, tails), sharding, (long) done * SHARD_DOCUMENTS, done)) {
            compute(tails, passes, reader);
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
        folder.record(FINDING, new TreeMap<>(Map.of(ENDS, shards.ends())));
    }

    private void compute(List<TailDocument> tails, List<List<LinearModule>> passes, BatchReader reader)
            throws IOException {
        try (Loaded only = passes.size() == 1 ? load(passes.getFirst()) : null) {
            for (List<Batch> batches = shard(reader); !batches.isEmpty(); batches = shard(reader)) {
                int from = Math.toIntExact(batches.getFirst().firstChunk());
                int to = Math.toIntExact(batches.getLast().endChunk());
                List<TailDocument> some = tails.subList(from, to);
                double[][][] scores = zeros(some);
                for (List<LinearModule> modules : passes) {
                    if (only != null) {
                        add(only, batches, some, scores, passes.size());
                    } else {
                        try (Loaded loaded = load(modules)) {
                            add(loaded, batches, some, scores, passes.size());
                        }
                    }
                }
                shards.write(batches.getFirst().shard(), some, scores);
                context.cancellation().check("the scores");
            }
        }
    }

    /// The batches of one shard; none after the last.
    private static List<Batch> shard(BatchReader reader) {
        List<Batch> batches = new ArrayList<>();
        for (Batch batch = reader.next(); batch != null; batch = batch.endsShard() ? null : reader.next()) {
            batches.add(batch);
        }
        return batches;
    }

    private double[][][] zeros(List<TailDocument> some) {
        return some.stream()
                .map(document -> IntStream.of(document.queries())
                        .mapToObj(query -> new double[ScoreRun.rows(queries.get(query))])
                        .toArray(double[][]::new))
                .toArray(double[][][]::new);
    }

    private void add(Loaded loaded, List<Batch> batches, List<TailDocument> some, double[][][] scores, int passes) {
        int done = 0;
        for (Batch batch : batches) {
            List<TailDocument> those = some.subList(done, done + batch.chunks().size());
            PackedBatch rows = batch.pack();
            loaded.kernel().begin(those.stream().map(TailDocument::queries).toArray(int[][]::new));
            decoder.gradients(rows, null, new LinkedHashSet<>(loaded.modules()), loaded.kernel());
            double[][][] added = loaded.kernel().finish();
            for (double[][] ofDocument : added) {
                double[][] sums = scores[done++];
                for (int q = 0; q < sums.length; q++) {
                    for (int t = 0; t < sums[q].length; t++) {
                        sums[q][t] += ofDocument[q][t];
                    }
                }
            }
            context.progress().advance(passes == 1 ? those.size() : 0, batch.tokens());
            context.metrics().count(name(), "documents", those.size());
            context.metrics().count(name(), "tokens", batch.tokens());
            context.cancellation().check("the scores");
        }
        if (passes > 1 && loaded.isLast()) {
            context.progress().advance(some.size(), 0);
        }
    }

    /// The curvature of some modules, the rows of all queries in them, and what multiplies them.
    ///
    /// @param isLast whether they are those of the last pass
    private record Loaded(
            List<LinearModule> modules,
            boolean isLast,
            Map<LinearModule, Preconditioner> preconditioners,
            QueryRows rows,
            QueryTokenKernel kernel)
            implements AutoCloseable {
        @Override
        public void close() {
            kernel.close();
            rows.close();
            preconditioners.values().forEach(Preconditioner::close);
        }
    }

    private Loaded load(List<LinearModule> modules) throws IOException {
        Map<LinearModule, Preconditioner> preconditioners = new LinkedHashMap<>();
        @Nullable QueryRows rows = null;
        try {
            for (LinearModule module : modules) {
                preconditioners.put(
                        module,
                        Preconditioner.load(
                                context.algebra(),
                                factors,
                                module,
                                plan.settings().curvature(),
                                plan.settings().damping(),
                                plan.type()));
            }
            int[] lengths = queries.stream().mapToInt(ScoreRun::rows).toArray();
            rows = new QueryRows(context.algebra(), modules, lengths, plan.type());
            new QueryPass(decoder, queries, plan.sharding().batchRows()).run(modules, rows);
            boolean isLast = modules.contains(plan.modules().getLast());
            var kernel = new QueryTokenKernel(context.algebra(), rows, preconditioners, plan.capacity(), plan.type());
            return new Loaded(modules, isLast, preconditioners, rows, kernel);
        } catch (IOException | RuntimeException failure) {
            if (rows != null) {
                rows.close();
            }
            preconditioners.values().forEach(Preconditioner::close);
            throw failure;
        }
    }

    /// Of all documents those at the ends of rankings, checked against what the run says of them.
    private record TailSource(DocumentSource all, List<TailDocument> tails) implements DocumentSource {
        @Override
        public String digest() {
            return all.digest();
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(tails.size());
        }

        @Override
        public SortedMap<String, Long> skipped() {
            return new TreeMap<>();
        }

        @Override
        public Chunks open(long skip) {
            int first = Math.toIntExact(skip);
            if (first >= tails.size()) {
                return new Picked(null, List.of(), 0);
            }
            List<TailDocument> left = tails.subList(first, tails.size());
            long place = left.getFirst().place();
            return new Picked(all.open(place), left, place);
        }
    }

    private static final class Picked implements DocumentSource.Chunks {
        private final DocumentSource.@Nullable Chunks chunks;
        private final List<TailDocument> left;
        private long place;
        private int next;

        Picked(DocumentSource.@Nullable Chunks chunks, List<TailDocument> left, long place) {
            this.chunks = chunks;
            this.left = left;
            this.place = place;
        }

        @Override
        public boolean hasNext() {
            return next < left.size();
        }

        @Override
        public DocumentChunk next() {
            TailDocument wanted = left.get(next++);
            DocumentChunk chunk = null;
            for (; place <= wanted.place() && chunks != null && chunks.hasNext(); place++) {
                chunk = chunks.next();
            }
            if (chunk == null
                    || place <= wanted.place()
                    || chunk.part() != wanted.part()
                    || !chunk.document().equals(wanted.document())) {
                throw new RunRefusedException("--documents: expected " + wanted.document() + " part " + wanted.part()
                        + " as number " + wanted.place() + " of the run, found "
                        + (chunk == null ? "none" : chunk.document() + " part " + chunk.part())
                        + "; give those that the run was made of");
            }
            return chunk;
        }

        @Override
        public void close() {
            if (chunks != null) {
                chunks.close();
            }
        }
    }
}
