package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.influence.ScoreSink;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.run.score.ScoreShards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// One pass over a store: every batch is checked, multiplied with all queries, ranked, and forgotten.
final class ScanStage implements Stage {
    /// The finding that says how many documents were scanned, and that the stage is complete.
    static final String DOCUMENTS = "documents";

    /// Batches that are checked side by side; they should fit into the last-level cache.
    private static final int TOGETHER = 4;

    private final RunContext context;
    private final StoredGradients gradients;
    private final BatchScorer scorer;
    private final double[] losses;
    private final SearchSettings settings;
    private final RowParallel parallel;
    private final ScoreShards shards;
    private final RunFolder folder;
    private final List<String> damaged = new ArrayList<>();
    private long documents;

    ScanStage(
            RunContext context,
            StoredGradients gradients,
            BatchScorer scorer,
            double[] losses,
            SearchSettings settings,
            RowParallel parallel,
            ScoreShards shards,
            RunFolder folder) {
        this.context = context;
        this.gradients = gradients;
        this.scorer = scorer;
        this.losses = losses;
        this.settings = settings;
        this.parallel = parallel;
        this.shards = shards;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "scan";
    }

    @Override
    public boolean isComplete() {
        return folder.manifest().results().containsKey(DOCUMENTS);
    }

    @Override
    public void run() {
        long[] shardDocuments = gradients.shardDocuments();
        context.progress().start(name(), total(shardDocuments), "documents");
        var rankings = new Rankings(losses, settings.keep(), parallel);
        var sample = new Sample(shardDocuments, settings.sample(), settings.seed());
        NavigableSet<KeptRow> sampled = new TreeSet<>(KeptRow.IN_STORE);
        try (var reader = new ReadAhead(gradients);
                var everything = new Everything(shardDocuments)) {
            for (List<StoredBatch> some = next(reader); !some.isEmpty(); some = next(reader)) {
                for (StoredBatch batch : whole(some)) {
                    double[] tile = score(batch);
                    rank(batch, tile, rankings);
                    for (int row : sample.rowsOf(batch)) {
                        sampled.add(KeptRow.of(batch, row, tile, losses.length));
                    }
                    if (settings.allScores()) {
                        everything.write(batch, tile);
                    }
                    documents += batch.rows();
                }
                long rows = some.stream().mapToLong(StoredBatch::rows).sum();
                context.progress().advance(rows, 0);
                context.metrics().count(name(), DOCUMENTS, rows);
                context.cancellation().check("no ranking");
            }
            everything.finish();
        }
        keep(rankings, sampled);
        folder.record("sample", sampled.stream().map(SampledDocument::of).toList());
        folder.record("not_a_number", rankings.notANumber());
        folder.record("damaged_batches", damaged);
        folder.record(DOCUMENTS, documents); // last, as it says that the stage is complete
    }

    /// Where the time goes: `read` is waiting for disks, `check` the checksums, `product` the kernel, `rank` the
    /// rankings, `keep` the writing of what they hold in the end.
    private Metrics.Span timed(String operation) {
        return context.metrics().operation(name(), operation);
    }

    private List<StoredBatch> next(ReadAhead reader) {
        try (Metrics.Span _ = timed("read")) {
            return reader.next(TOGETHER);
        }
    }

    private double[] score(StoredBatch batch) {
        try (Metrics.Span _ = timed("product")) {
            return scorer.score(batch);
        }
    }

    private void rank(StoredBatch batch, double[] tile, Rankings rankings) {
        try (Metrics.Span _ = timed("rank")) {
            rankings.offer(batch, tile);
        }
    }

    private void keep(Rankings rankings, NavigableSet<KeptRow> sampled) {
        try (Metrics.Span _ = timed("keep")) {
            NavigableSet<KeptRow> candidates = rankings.kept(settings.rescore());
            candidates.addAll(sampled);
            CandidateDocuments.write(folder, gradients, candidates);
            if (!settings.allScores()) {
                NavigableSet<KeptRow> kept = rankings.kept(settings.keep());
                kept.addAll(sampled);
                write(kept);
                folder.record("kept_documents", kept.size());
            }
        }
    }

    /// The batches whose checksums hold, checked side by side. A broken one has no scores: it ends the search, or is
    /// left
    /// out and counted.
    private List<StoredBatch> whole(List<StoredBatch> batches) {
        String[] damages = new String[batches.size()];
        try (Metrics.Span _ = timed("check")) {
            parallel.forRanges(batches.size(), (from, to) -> {
                for (int i = (int) from; i < to; i++) {
                    damages[i] = batches.get(i).damage();
                }
            });
        }
        List<StoredBatch> whole = new ArrayList<>();
        for (int i = 0; i < damages.length; i++) {
            StoredBatch batch = batches.get(i);
            if (damages[i] == null) {
                whole.add(batch);
            } else if (settings.skipDamaged()) {
                context.progress().note("left out " + batch.rows() + " documents: " + damages[i]);
                damaged.add(batch.name());
            } else {
                throw new RunRefusedException(damages[i] + ", or leave it out with --skip-damaged");
            }
        }
        return whole;
    }

    private void write(Collection<KeptRow> rows) {
        if (rows.isEmpty()) {
            throw new RunRefusedException("search: expected at least one whole document in the store, found none");
        }
        try (ScoreSink sink = shards.open(0)) {
            rows.forEach(row -> sink.write(row.scored(gradients)));
            sink.commit();
        }
    }

    private static long total(long[] shardDocuments) {
        long total = 0;
        for (long count : shardDocuments) {
            total += count;
        }
        return total;
    }

    /// The scores of all documents, a shard of scores for each shard of the store. A shard lies on one disk, so as many
    /// are open as there are disks.
    private final class Everything implements AutoCloseable {
        private final long[] left;
        private final Map<Integer, ScoreSink> open = new HashMap<>();

        Everything(long[] shardDocuments) {
            this.left = shardDocuments.clone();
        }

        void write(StoredBatch batch, double[] tile) {
            ScoreSink sink = open.computeIfAbsent(batch.shard(), shards::open);
            for (int row = 0; row < batch.rows(); row++) {
                double[] scores = Arrays.copyOfRange(tile, row * losses.length, (row + 1) * losses.length);
                sink.write(KeptRow.scored(batch.document(row), scores));
            }
            left[batch.shard()] -= batch.rows();
            if (left[batch.shard()] == 0) {
                commit(batch.shard());
            }
        }

        /// Shards with batches left out.
        void finish() {
            List.copyOf(open.keySet()).forEach(this::commit);
        }

        private void commit(int shard) {
            try (ScoreSink sink = open.remove(shard)) {
                if (sink != null) {
                    sink.commit();
                }
            }
        }

        @Override
        public void close() {
            open.values().forEach(ScoreSink::close);
        }
    }
}
