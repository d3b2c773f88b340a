package dev.wellspring.cli;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.run.score.RankChoice;
import dev.wellspring.run.score.ScoreRun;
import dev.wellspring.run.score.ScoreSettings;
import dev.wellspring.store.scores.Bm25Files;
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

/// `wellspring score`: factors, queries and documents become scores.
@Command(
        name = "score",
        header = "Score documents by their influence on queries.",
        description = {
            "",
            "One pass over the documents for all queries at once. Scores are in nats per unit weight of a document;"
                    + " positive means that training more on it makes the completion likelier. Started again after a"
                    + " stop, it goes on.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring score --model pythia-160m --factors factors \\",
            "                   --queries queries.jsonl --documents corpus/*.jsonl.zst \\",
            "                   --out run",
            "  wellspring top run"
        })
final class ScoreCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--factors",
            required = true,
            paramLabel = "DIR",
            description = "Factors that 'wellspring fit' made, or kronfluence's.")
    private Path factors;

    @Option(
            names = "--queries",
            required = true,
            paramLabel = "FILE",
            description = "Queries: JSONL with id, kind, family, prompt, completion.")
    private Path queries;

    @Mixin
    private DocumentOptions documents = new DocumentOptions();

    @Mixin
    private ShardOptions shards = new ShardOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the scores.")
    private Path out;

    @Option(
            names = "--curvature",
            paramLabel = "NAME",
            description = "ekfac, kfac, diagonal or identity. Default: what the factors were fitted for, else ekfac.")
    private @Nullable CurvatureStrategy curvature;

    @Option(
            names = "--modules",
            paramLabel = "WHICH",
            description = "Which linear maps are tracked: mlp, all, or a regular expression. Default: what the factors"
                    + " were fitted for, else mlp.")
    private @Nullable String modules;

    @Mixin
    private DampingOption damping = new DampingOption();

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "auto",
            converter = Converters.Rank.class,
            description = "Rank of the compressed query gradients: a number, full, or auto (full where they fit into"
                    + " --memory, else 32). Default: ${DEFAULT-VALUE}.")
    private RankChoice rank = new RankChoice.Automatic();

    @Option(names = "--token-scores", description = "Also keep the share of every token.")
    private boolean tokenScores;

    @Option(names = "--module-scores", description = "Also keep the share of every module.")
    private boolean moduleScores;

    @Option(
            names = "--query-token-scores",
            paramLabel = "K",
            arity = "0..1",
            defaultValue = "0",
            fallbackValue = "100",
            description = "Also keep what each token of a query adds to its score with the K documents at either end of"
                    + " every ranking (${FALLBACK-VALUE} where no K is given), in a second pass over those documents. A"
                    + " finished run gets them when its command is given again with this.")
    private int queryTokenScores;

    @Option(
            names = "--no-bm25",
            description = "Leave out what word overlap says of every document and query, which top shows beside the"
                    + " influence.")
    private boolean noBm25;

    @Option(
            names = "--explain",
            description = "Say what the run is going to do, from shapes alone: batches, memory, operations; then stop.")
    private boolean explain;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private DevicesOption devices = new DevicesOption();

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws IOException {
        if (queryTokenScores < 0) {
            throw new BadInputException("--query-token-scores: expected at least 0, got " + queryTokenScores);
        }
        try (RunScope scope = wellspring.open(run);
                Checkpoint checkpoint = Checkpoint.open(model.model);
                Tokenizer tokenizer = Tokenizer.open(model.model);
                Engine engine = new Engine(scope, compute, devices)) {
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            FittedFactors fitted = FittedFactors.of(factors, checkpoint, curvature, modules);
            List<QueryInput> inputs = QueryTexts.read(queries, tokenizer, config.vocabulary());
            var sources = new ScoreRun.Inputs(
                    checkpoint,
                    factors,
                    fitted.digest(),
                    inputs,
                    Digests.of(List.of(queries)),
                    documents.open(tokenizer, config));
            var scoring = new ScoreRun(engine.context(), settings(fitted, config, engine));
            if (explain) {
                scoring.explain(sources).forEach(wellspring.terminal().out()::println);
                return ExitStatus.DONE;
            }
            Findings.note(
                    scoring.run(
                            sources,
                            out,
                            (folder, manifest, ids, names) -> new StoredShards(
                                    folder,
                                    new ScoreLayout(
                                            ids,
                                            compute.dtype.sumType(),
                                            manifest.identity(),
                                            tokenScores,
                                            moduleScores ? names : List.of())),
                            new ScoreRun.Beside(
                                    noBm25 ? null : Bm25Files::new,
                                    QueryTexts.tokenShards(queryTokenScores, inputs, tokenizer))),
                    scope.progress());
        }
        wellspring.terminal().out().println(out);
        return ExitStatus.DONE;
    }

    private ScoreSettings settings(FittedFactors fitted, DecoderConfig config, Engine engine) {
        return new ScoreSettings(
                fitted.curvature(),
                damping.value,
                rank,
                new ModuleSelection(fitted.modules()),
                tokenScores,
                moduleScores,
                documents.maxTokens(config),
                compute.dtype,
                engine.budget(run, config),
                shards.tokens());
    }
}
