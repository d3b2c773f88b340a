package dev.wellspring.run.score;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Replicas;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentSample;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.score.ScorePlan.QueryLengths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Scores documents for queries with fitted factors: query gradients, then one pass over the documents, then what
/// BM25 says of them.
public final class ScoreRun {
    /// The word in the manifest for what the folder holds.
    public static final String KIND = "scores";

    /// The setting that says how many tokens a document may have before it is split.
    public static final String MAX_TOKENS = "max-tokens";

    private final RunContext context;
    private final ScoreSettings settings;

    public ScoreRun(RunContext context, ScoreSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /// What the scores are made from.
    ///
    /// @param checkpoint the model
    /// @param factors the folder of `fit`
    /// @param factorsDigest what is in it
    /// @param queries at least one
    /// @param queriesDigest what they are
    /// @param documents what is scored
    public record Inputs(
            Checkpoint checkpoint,
            Path factors,
            String factorsDigest,
            List<QueryInput> queries,
            String queriesDigest,
            DocumentSource documents) {}

    /// Opens the place for shards once the order of queries and modules is known.
    @FunctionalInterface
    public interface ShardsFactory {
        /// @param manifest of the run, whose settings and inputs say what the shards belong to
        ScoreShards open(Path folder, Manifest manifest, List<String> queries, List<String> modules);
    }

    /// What a run keeps beside its scores, and gets later where it was finished without.
    ///
    /// @param bm25 opens the place for BM25 scores in a folder whose scores are there; null to leave them out
    /// @param queryTokens opens the place for the scores of query tokens, likewise
    public record Beside(
            @Nullable Function<Path, ? extends Bm25Shards> bm25,
            @Nullable Function<Path, ? extends QueryTokenShards> queryTokens) {
        /// Scores only.
        public static final Beside NOTHING = new Beside(null, null);
    }

    /// What a run is going to do, a line each: batches, memory, contractions and operations. Computes nothing.
    public List<String> explain(Inputs inputs) throws IOException {
        DecoderConfig config = DecoderConfig.read(inputs.checkpoint().config());
        ScorePlan plan = plan(config, inputs);
        return new ScoreExplanation(config, plan, plan.rank()).lines();
    }

    /// The same with nothing beside the scores.
    public Manifest run(Inputs inputs, Path out, ShardsFactory shards) throws IOException {
        return run(inputs, out, shards, Beside.NOTHING);
    }

    /// Does what is left to do, and returns the folder's manifest.
    ///
    /// @throws RunRefusedException when the folder holds another run
    /// @throws CancelledException when the user asked to stop
    public Manifest run(Inputs inputs, Path out, ShardsFactory shards, Beside beside) throws IOException {
        DecoderConfig config = DecoderConfig.read(inputs.checkpoint().config());
        ScorePlan plan = plan(config, inputs);
        if (beside.queryTokens() != null) {
            plan.queryTokenPasses(inputs.queries()); // refuses too little memory now, not after the scores
        }
        int rank = rank(plan, out);
        var factors = new FactorFiles(inputs.factors());
        try (RunFolder folder = RunFolder.open(out, manifest(inputs, plan, rank))) {
            boolean scored = folder.manifest().complete(); // perhaps before there was anything beside the scores
            boolean changed = !scored;
            if (!scored) {
                factors.require(settings.curvature(), plan.modules());
                score(inputs, plan, rank, factors, shards, folder);
            }
            if (beside.bm25() != null && !folder.manifest().results().containsKey(Bm25Stage.FINDING)) {
                addBm25(inputs, beside.bm25().apply(out), folder);
                changed = true;
            }
            if (beside.queryTokens() != null) {
                changed |= addQueryTokens(
                        inputs, plan, factors, beside.queryTokens().apply(out), folder);
            }
            if (!changed) {
                context.progress().note(out + ": already complete, nothing to do");
                return folder.manifest();
            }
            folder.complete();
            return folder.manifest();
        }
    }

    private void score(
            Inputs inputs, ScorePlan plan, int rank, FactorFiles factors, ShardsFactory shards, RunFolder folder) {
        try (Replicas replicas = context.loadOnAll(
                inputs.checkpoint(), settings.type(), plan.sharding().batchRows())) {
            var queries = new QueryStage(context, replicas.first(), inputs.queries(), plan, rank, factors, folder);
            Stages.run(queries, context, folder);
            List<String> ids = inputs.queries().stream().map(QueryInput::id).toList();
            List<String> names = plan.modules().stream().map(LinearModule::name).toList();
            ScoreShards place = shards.open(folder.path(), folder.manifest(), ids, names);
            Stages.run(
                    new ScoreStage(context, replicas, inputs.documents(), plan, queries.block(), place, folder),
                    context,
                    folder);
        }
    }

    private Decoder load(Inputs inputs, ScorePlan plan) {
        return context.load(
                inputs.checkpoint(), settings.type(), plan.sharding().batchRows());
    }

    /// Returns whether there was something to do.
    private boolean addQueryTokens(
            Inputs inputs, ScorePlan plan, FactorFiles factors, QueryTokenShards shards, RunFolder folder)
            throws IOException {
        try (shards) {
            if (QueryTokenStage.ends(folder.manifest()) >= shards.ends()) {
                return false;
            }
            factors.require(settings.curvature(), plan.modules());
            try (Decoder decoder = load(inputs, plan)) {
                var stage = new QueryTokenStage(
                        context, decoder, inputs.documents(), inputs.queries(), plan, factors, shards, folder);
                Stages.run(stage, context, folder);
            }
            return true;
        }
    }

    private void addBm25(Inputs inputs, Bm25Shards shards, RunFolder folder) {
        try (shards) {
            Stages.run(new Bm25Stage(context, inputs.documents(), inputs.queries(), shards, folder), context, folder);
        }
    }

    private ScorePlan plan(DecoderConfig config, Inputs inputs) {
        List<QueryInput> queries = inputs.queries();
        queries.forEach(query -> requirePositions(query, config.longestSequence()));
        var lengths = new QueryLengths(
                queries.size(),
                queries.stream().mapToLong(ScoreRun::rows).sum(),
                queries.stream().mapToInt(ScoreRun::rows).max().orElse(0));
        return ScorePlan.of(config, settings, lengths, DocumentSample.rows(inputs.documents()));
    }

    /// A query is never cut, and the model has no positions for more.
    ///
    /// @throws RunRefusedException naming the query
    public static void requirePositions(QueryInput query, int positions) {
        if (rows(query) > positions) {
            throw new RunRefusedException("query " + query.id() + ": expected at most " + (positions + 1L)
                    + " tokens, prompt and completion together, for this model, got " + (rows(query) + 1L)
                    + "; shorten its prompt");
        }
    }

    /// The predictions of a query's prompt and completion.
    public static int rows(QueryInput query) {
        return query.promptTokens().length + query.completionTokens().length - 1;
    }

    /// The rank asked for, or the one an earlier process chose for this folder.
    private int rank(ScorePlan plan, Path out) {
        Manifest found = RunFolder.find(out);
        String chosen = found == null ? null : found.settings().get("rank");
        if (settings.rank() instanceof RankChoice.Automatic && found != null && chosen != null) {
            int rank = RankChoice.rank(chosen);
            if (!found.complete()) {
                plan.requireRank(rank); // today's memory may be another
            }
            return rank;
        }
        int rank = plan.rank();
        if (settings.rank() instanceof RankChoice.Automatic && rank != QueryBlock.FULL) {
            context.progress()
                    .note("queries: the full gradients of " + plan.queries()
                            + " queries do not fit into --memory; using" + " --rank " + rank);
        }
        return rank;
    }

    private Manifest manifest(Inputs inputs, ScorePlan plan, int rank) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        digests.put("model", inputs.checkpoint().digest());
        digests.put("factors", inputs.factorsDigest());
        digests.put("queries", inputs.queriesDigest());
        digests.put("documents", inputs.documents().digest());
        Map<String, String> chosen = new TreeMap<>();
        chosen.put("curvature", settings.curvature().word());
        chosen.put("damping", settings.damping().toString());
        chosen.put("rank", RankChoice.word(rank));
        chosen.put("modules", settings.modules().text());
        chosen.put("token-scores", Boolean.toString(settings.tokenScores()));
        chosen.put("module-scores", Boolean.toString(settings.moduleScores()));
        chosen.put(MAX_TOKENS, Integer.toString(settings.maxTokens()));
        chosen.put("dtype", settings.type().name().toLowerCase(Locale.ROOT));
        chosen.put("backend", context.algebra().name());
        chosen.put("batch-rows", Integer.toString(plan.sharding().batchRows()));
        chosen.put("shard-tokens", Long.toString(plan.sharding().shardTokens()));
        return Manifest.of(KIND, context.version(), digests, chosen);
    }
}
