package dev.wellspring.run.search;

import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.influence.QueryGradients;
import dev.wellspring.linalg.DotProducts;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.index.Addition;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.run.score.QueryPass;
import dev.wellspring.run.score.ScoreRun;
import dev.wellspring.run.score.ScoredQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Scores the documents of a store for new queries: a pass of the queries through the model, then one over the
/// store. What comes out is a run of scores, of the documents at the ends of the rankings and some drawn at
/// random, or of all.
public final class SearchRun {
    /// The setting that says how many documents at either end of a ranking are kept: a number, or `all`.
    public static final String KEEP = "keep";

    private final RunContext context;
    private final SearchSettings settings;
    private final DotProducts products;
    private final RowParallel parallel;

    /// @param products multiplies; stays the caller's
    /// @param parallel spreads checking and ranking over threads
    public SearchRun(RunContext context, SearchSettings settings, DotProducts products, RowParallel parallel) {
        this.context = context;
        this.settings = settings;
        this.products = products;
        this.parallel = parallel;
    }

    /// What is searched with what.
    ///
    /// @param store the folder
    /// @param gradients the snapshot of it
    /// @param snapshotDigest what is in the snapshot
    /// @param queries at least one
    /// @param queriesDigest what they are
    public record Inputs(
            Checkpoint checkpoint,
            Path store,
            StoredGradients gradients,
            String snapshotDigest,
            List<QueryInput> queries,
            String queriesDigest) {}

    /// Does what is left to do, and returns the folder's manifest.
    ///
    /// @throws RunRefusedException when the folder holds another run, or the store is of another model
    /// @throws CancelledException when the user asked to stop
    public Manifest run(Inputs inputs, Path out, ScoreRun.ShardsFactory factory) throws IOException {
        DecoderConfig config = DecoderConfig.read(inputs.checkpoint().config());
        GradientLayout layout = inputs.gradients().layout();
        List<LinearModule> modules = List.copyOf(settings.modules().select(ModuleSelection.stored(config, layout)));
        var basis = new BasisFile(inputs.store().resolve(BasisFile.NAME));
        basis.require(settings.curvature());
        int longest = longest(inputs.queries(), config);
        int rows = settings.memory()
                .batchRows(longest, count -> settings.memory().workingBytes(config, settings.type(), count, longest));
        List<List<LinearModule>> passes = settings.memory()
                .passes(
                        "query gradients",
                        modules,
                        settings.memory().workingBytes(config, settings.type(), rows, longest),
                        group -> queryBytes(group, inputs.queries().size()));
        try (RunFolder folder = RunFolder.open(out, manifest(inputs))) {
            if (folder.manifest().complete()) {
                context.progress().note(out + ": already complete, nothing to do");
                return folder.manifest();
            }
            Path coordinates = queries(inputs, rows, passes, basis, layout, folder);
            scan(inputs, modules, coordinates, factory, folder);
            folder.complete();
            return folder.manifest();
        }
    }

    private Path queries(
            Inputs inputs,
            int rows,
            List<List<LinearModule>> passes,
            BasisFile basis,
            GradientLayout layout,
            RunFolder folder)
            throws IOException {
        Path file = folder.resolve(QueryCoordinates.FILE);
        if (QueryCoordinatesStage.isComplete(folder)) {
            return file; // without loading the model
        }
        try (Decoder decoder = context.load(inputs.checkpoint(), settings.type(), rows)) {
            var pass = new QueryPass(decoder, inputs.queries(), rows);
            Stages.run(
                    new QueryCoordinatesStage(context, pass, passes, basis, layout, settings, folder), context, folder);
            return file;
        }
    }

    private void scan(
            Inputs inputs,
            List<LinearModule> modules,
            Path coordinates,
            ScoreRun.ShardsFactory factory,
            RunFolder folder)
            throws IOException {
        double[] losses = ScoredQuery.read(folder.path()).stream()
                .mapToDouble(ScoredQuery::loss)
                .toArray();
        List<String> ids = inputs.queries().stream().map(QueryInput::id).toList();
        Set<String> names = modules.stream().map(LinearModule::name).collect(Collectors.toSet());
        try (var scorer = new BatchScorer(
                context.algebra(),
                products,
                parallel,
                coordinates,
                inputs.gradients().layout(),
                names,
                ids.size())) {
            var shards = factory.open(folder.path(), folder.manifest(), ids, List.of());
            Stages.run(
                    new ScanStage(context, inputs.gradients(), scorer, losses, settings, parallel, shards, folder),
                    context,
                    folder);
        }
    }

    private static int longest(List<QueryInput> queries, DecoderConfig config) {
        int longest = 0;
        for (QueryInput query : queries) {
            ScoreRun.requirePositions(query, config.longestSequence());
            longest = Math.max(longest, ScoreRun.rows(query));
        }
        if (queries.isEmpty()) {
            throw new RunRefusedException("--queries: expected at least one query, found none");
        }
        return longest;
    }

    private long queryBytes(List<LinearModule> group, int queries) {
        var type = settings.type().sumType();
        long largest = group.stream()
                .mapToLong(module -> {
                    long in = module.activationSize();
                    long out = module.outputs();
                    return (2 * in * in + 2 * out * out + (3 + queries) * in * out) * type.byteSize();
                })
                .max()
                .orElse(0);
        return QueryGradients.byteSize(group, queries, type) + largest;
    }

    private Manifest manifest(Inputs inputs) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        digests.put("model", inputs.checkpoint().digest());
        digests.put("store", inputs.snapshotDigest());
        digests.put("queries", inputs.queriesDigest());
        Map<String, String> chosen = new TreeMap<>();
        chosen.put("curvature", settings.curvature().word());
        chosen.put("damping", settings.damping().toString());
        chosen.put("modules", settings.modules().text());
        String maxTokens = Addition.maxTokens(inputs.store());
        if (!maxTokens.isEmpty()) {
            chosen.put(ScoreRun.MAX_TOKENS, maxTokens); // for whoever reads the documents' texts again
        }
        chosen.put(KEEP, settings.allScores() ? "all" : Integer.toString(settings.keep()));
        chosen.put("rescore", Integer.toString(settings.rescore()));
        chosen.put("sample", Integer.toString(settings.sample()));
        chosen.put("seed", Long.toString(settings.seed()));
        chosen.put("dtype", settings.type().name().toLowerCase(Locale.ROOT));
        chosen.put("backend", context.algebra().name());
        chosen.put("kernel", products.name());
        return Manifest.of(ScoreRun.KIND, context.version(), digests, chosen);
    }
}
