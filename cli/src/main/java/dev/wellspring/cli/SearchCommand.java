package dev.wellspring.cli;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.linalg.DotProducts;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.run.score.ScoreRun;
import dev.wellspring.run.search.SearchRun;
import dev.wellspring.run.search.SearchSettings;
import dev.wellspring.store.gradients.GradientStore;
import dev.wellspring.store.scores.ScoreLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring search`: a store and new queries become scores.
@Command(
        name = "search",
        header = "Score the documents of a store for new queries.",
        description = {
            "",
            "The queries go through the model; the documents do not: their gradients are read from the store that"
                    + " 'wellspring index' made, once for all queries. Damping, strategy and modules may be other ones in"
                    + " every search. What comes out is a run that 'wellspring top' and 'export' read.",
            "",
            "With --factors some documents also go through the model, so that what the store's compression costs is"
                    + " measured on your queries: --sample draws them at random, --rescore takes those at the ends of"
                    + " the rankings, whose exact scores then replace the approximate ones.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring search --store store --model pythia-160m --queries queries.jsonl --out run",
            "  wellspring search --store store --model pythia-160m --queries queries.jsonl --out run-kfac \\",
            "                    --curvature kfac --damping 0.01x --modules '.*layers.[0-5].*'",
            "  wellspring search --store store --model pythia-160m --queries queries.jsonl --out run-exact \\",
            "                    --factors factors --rescore 100",
            "  wellspring top run -k 20"
        })
final class SearchCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Option(names = "--store", required = true, paramLabel = "DIR", description = "The folder of 'wellspring index'.")
    private Path store;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--queries",
            required = true,
            paramLabel = "FILE",
            description = "Queries: JSONL with id, kind, family, prompt, completion.")
    private Path queries;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the scores.")
    private Path out;

    @Option(
            names = "--curvature",
            paramLabel = "NAME",
            defaultValue = "ekfac",
            description = "ekfac, kfac or identity. Default: ${DEFAULT-VALUE}.")
    private CurvatureStrategy curvature = CurvatureStrategy.EKFAC;

    @Mixin
    private DampingOption damping = new DampingOption();

    @Option(
            names = "--modules",
            paramLabel = "WHICH",
            defaultValue = "all",
            description = "Which of the stored linear maps count: mlp, all, or a regular expression."
                    + " Default: ${DEFAULT-VALUE}.")
    private String modules = "all";

    @Option(
            names = "--keep",
            paramLabel = "K",
            defaultValue = "500",
            description = "Documents kept at either end of every query's rankings. Default: ${DEFAULT-VALUE}.")
    private int keep = 500;

    @Option(names = "--all-scores", description = "Keep the score of every document instead.")
    private boolean allScores;

    @Option(names = "--factors", paramLabel = "DIR", description = "The factors that the store was made with.")
    private @Nullable Path factors;

    @Option(
            names = "--rescore",
            paramLabel = "K",
            defaultValue = "0",
            description =
                    "Score the K documents at either end of every ranking again, exactly. Default: ${DEFAULT-VALUE}.")
    private int rescore;

    @Option(
            names = "--query-token-scores",
            description = "Also keep what each token of a query adds to its score with the documents that --rescore"
                    + " scores again. A finished run gets them when its command is given again with this.")
    private boolean queryTokenScores;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Documents drawn at random to be scored exactly, to see how close the store comes."
                    + " Default: 256 with --factors, else 0.")
    private @Nullable Integer sample;

    @Option(names = "--skip-damaged", description = "Leave broken batches out and count them, instead of stopping.")
    private boolean skipDamaged;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws IOException {
        requireNumbers();
        try (RunScope scope = wellspring.open(run);
                Checkpoint checkpoint = Checkpoint.open(model.model);
                Tokenizer tokenizer = Tokenizer.open(model.model);
                GradientStore gradients = GradientStore.open(store);
                Engine engine = new Engine(scope, compute);
                DotProducts products = engine.dotProducts()) {
            Manifest indexed = IndexedStore.require(store, checkpoint);
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            List<QueryInput> inputs = QueryTexts.read(queries, tokenizer, config.vocabulary());
            String queriesDigest = Digests.of(List.of(queries));
            var search = new SearchRun(engine.context(), settings(engine), products, engine.parallel());
            search.run(
                    new SearchRun.Inputs(
                            checkpoint,
                            store,
                            new SearchedStore(gradients),
                            gradients.snapshot().digest(),
                            inputs,
                            queriesDigest),
                    out,
                    (folder, manifest, ids, names) -> new StoredShards(
                            folder, new ScoreLayout(ids, compute.dtype.sumType(), manifest.identity())));
            if (factors != null) {
                var exact = new ExactScores(engine.context(), checkpoint, factors, indexed, settings(engine));
                var beside = new ScoreRun.Beside(
                        null, QueryTexts.tokenShards(queryTokenScores ? rescore : 0, inputs, tokenizer));
                exact.run(inputs, queriesDigest, gradients.layout(), out, beside);
                exact.report(out, scope.progress());
            }
        }
        wellspring.terminal().out().println(out);
        return ExitStatus.DONE;
    }

    private SearchSettings settings(Engine engine) {
        return new SearchSettings(
                curvature,
                damping.value,
                new ModuleSelection(modules),
                keep,
                allScores,
                sample(),
                rescore,
                run.seed,
                skipDamaged,
                compute.dtype,
                engine.budget(run));
    }

    private int sample() {
        if (sample != null) {
            return sample;
        }
        return factors == null ? 0 : 256;
    }

    private void requireNumbers() {
        if (keep < 1) {
            throw new BadInputException("--keep: expected at least 1, got " + keep);
        }
        if (rescore < 0 || rescore > keep) {
            throw new BadInputException("--rescore: expected 0 to " + keep + ", what --keep keeps, got " + rescore);
        }
        if (queryTokenScores && rescore == 0) {
            throw new BadInputException(
                    "--query-token-scores: expected --rescore K with it, got none; tokens are looked"
                            + " at where documents are scored again");
        }
        if (sample() < 0) {
            throw new BadInputException("--sample: expected at least 0, got " + sample);
        }
        if (factors == null && (rescore > 0 || sample() > 0)) {
            throw new BadInputException("--factors: expected the folder of 'wellspring fit' for --rescore and --sample,"
                    + " got none; exact scores need it");
        }
    }
}
