package dev.wellspring.cli;

import dev.wellspring.cli.report.PlanView;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.cost.Rates;
import dev.wellspring.run.fit.FitSettings;
import dev.wellspring.run.fit.LabelChoice;
import dev.wellspring.run.plan.ModelPlan;
import dev.wellspring.run.score.RankChoice;
import dev.wellspring.run.score.ScorePlan.QueryLengths;
import dev.wellspring.run.score.ScoreSettings;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring plan`: what fitting and scoring would take on one device, by arithmetic.
@Command(
        name = "plan",
        header = "Work out what fitting and scoring with a model would take on one GPU.",
        description = {
            "",
            "From the model's shape alone, without weights and without a GPU: what memory is needed for and how it is"
                    + " cut where it does not fit, operations and bytes of every stage, and the least time both allow at"
                    + " the rates given. It is arithmetic, not a measurement: real runs take longer.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring plan --shape llama-1b",
            "  wellspring plan --config config.json --device-memory 80G --bandwidth 2T",
            "  wellspring plan --shape llama-35b --queries 500 --format json"
        })
final class PlanCommand implements Callable<Integer> {
    private static final long SHARD_TOKENS = 1L << 20;

    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ModelShapeOptions shape = new ModelShapeOptions();

    @Option(
            names = "--queries",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many. Default: ${DEFAULT-VALUE}.")
    private int queries = 100;

    @Option(
            names = "--query-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "The tokens of a query, prompt and completion together. Default: ${DEFAULT-VALUE}.")
    private int queryTokens = 64;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "32",
            converter = Converters.Rank.class,
            description = "Of the compressed query gradients: a number, full, or auto. Default: ${DEFAULT-VALUE}.")
    private RankChoice rank = new RankChoice.Rank(RankChoice.DEFAULT);

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "How many are scored. Default: ${DEFAULT-VALUE}.")
    private long documents = 5_000_000;

    @Option(
            names = "--fit-documents",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many the curvature is fitted on. Default: ${DEFAULT-VALUE}.")
    private long fitDocuments = 100_000;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "The tokens of a document. Default: ${DEFAULT-VALUE}.")
    private int tokens = 512;

    @Option(
            names = "--modules",
            paramLabel = "WHICH",
            defaultValue = "mlp",
            description = "Which linear maps are tracked: mlp, all, or a regular expression for whole names."
                    + " Default: ${DEFAULT-VALUE}.")
    private String modules = "mlp";

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "bfloat16",
            description = "The numbers the model is computed in: float32, bfloat16 or float64. "
                    + "Default: ${DEFAULT-VALUE}.")
    private DType dtype = DType.BFLOAT16;

    @Option(
            names = "--device-memory",
            paramLabel = "SIZE",
            defaultValue = "131G",
            converter = Converters.Size.class,
            description = "What the device has, weights included; G is 1,024³ bytes, so that 131G are an H200's 141 GB."
                    + " Default: ${DEFAULT-VALUE}.")
    private MemorySize deviceMemory = MemorySize.parse("131G");

    @Option(
            names = "--host-memory",
            paramLabel = "SIZE",
            defaultValue = "128G",
            converter = Converters.Size.class,
            description = "What the host may take of its own memory, where a query block waits that does not fit on the"
                    + " device; 'score' takes half of the machine's. Default: ${DEFAULT-VALUE}.")
    private MemorySize hostMemory = MemorySize.parse("128G");

    @Option(
            names = "--operations",
            paramLabel = "RATE",
            defaultValue = "790T",
            converter = Converters.RateValue.class,
            description = "Operations a second of products of narrow numbers. Default: ${DEFAULT-VALUE}.")
    private Rate operations = Rate.parse("790T");

    @Option(
            names = "--wide-operations",
            paramLabel = "RATE",
            defaultValue = "495T",
            converter = Converters.RateValue.class,
            description =
                    "The same of products with float32 or float64 operands; the default is an H200's data sheet's."
                            + " Default: ${DEFAULT-VALUE}.")
    private Rate wideOperations = Rate.parse("495T");

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            defaultValue = "4.3T",
            converter = Converters.RateValue.class,
            description = "Bytes a second between the device's memory and its processors. Default: ${DEFAULT-VALUE}.")
    private Rate bandwidth = Rate.parse("4.3T");

    @Option(
            names = "--host-bandwidth",
            paramLabel = "RATE",
            defaultValue = "50G",
            converter = Converters.RateValue.class,
            description = "Bytes a second between the device and its host; the default is arithmetic for PCIe 5 with 16"
                    + " lanes. Default: ${DEFAULT-VALUE}.")
    private Rate hostBandwidth = new Rate(Rates.HOST_BANDWIDTH);

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() throws IOException {
        require("--queries", queries, 1);
        require("--query-tokens", queryTokens, 2);
        require("--documents", documents, 1);
        require("--fit-documents", fitDocuments, 1);
        require("--tokens", tokens, 2);
        DecoderConfig config = shape.read();
        if (tokens - 1 > config.longestSequence()) {
            throw new BadInputException("--tokens: expected at most " + (config.longestSequence() + 1L)
                    + ", since the model has no later positions, got " + tokens);
        }
        PlanView plan = plan(config);
        view.show(
                wellspring.terminal().out(),
                () -> plan.print(
                        wellspring.terminal().out(), wellspring.terminal().tableWidth()),
                plan::json);
        return ExitStatus.DONE;
    }

    private PlanView plan(DecoderConfig config) {
        var work = new PlanView.Work(
                documents, fitDocuments, tokens, deviceMemory.bytes(), rates(), hostBandwidth.perSecond());
        long weights = DecoderWeights.byteSize(config, dtype);
        if (weights + MemoryBudget.DEVICE_RESERVE > deviceMemory.bytes()) {
            return PlanView.withoutRoom(config, dtype, work);
        }
        var memory = MemoryBudget.ofDevice(deviceMemory.bytes(), weights, hostMemory.bytes());
        ModelPlan plan = plan(config, memory);
        return PlanView.of(plan, plan.isOffloaded() ? resident(config, memory) : Optional.empty(), work);
    }

    private ModelPlan plan(DecoderConfig config, MemoryBudget memory) {
        int queryRows = queryTokens - 1;
        var lengths = new QueryLengths(queries, (long) queries * queryRows, queryRows);
        return ModelPlan.of(config, fit(memory), score(memory), lengths, tokens - 1);
    }

    /// The same with every query block on the device; nothing when there is no room for a single query.
    private Optional<ModelPlan> resident(DecoderConfig config, MemoryBudget memory) {
        try {
            return Optional.of(plan(config, memory.withoutOffloading()));
        } catch (RunRefusedException noRoom) {
            return Optional.empty();
        }
    }

    private FitSettings fit(MemoryBudget memory) {
        return new FitSettings(
                CurvatureStrategy.EKFAC,
                LabelChoice.SAMPLED,
                new ModuleSelection(modules),
                fitDocuments,
                tokens,
                0,
                dtype,
                memory,
                SHARD_TOKENS);
    }

    private ScoreSettings score(MemoryBudget memory) {
        return new ScoreSettings(
                CurvatureStrategy.EKFAC,
                new Damping.Relative(0.1),
                rank,
                new ModuleSelection(modules),
                false,
                false,
                tokens,
                dtype,
                memory,
                SHARD_TOKENS);
    }

    private Rates rates() {
        return new Rates(operations.perSecond(), wideOperations.perSecond(), bandwidth.perSecond());
    }

    private static void require(String option, long value, long least) {
        if (value < least) {
            throw new BadInputException(option + ": expected at least " + least + ", got " + value);
        }
    }
}
