package dev.wellspring.cli;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.fit.FitRun;
import dev.wellspring.run.fit.FitSettings;
import dev.wellspring.run.fit.LabelChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring fit`: a checkpoint and documents become curvature factors.
@Command(
        name = "fit",
        header = "Fit the curvature of a checkpoint on documents.",
        description = {
            "",
            "Two passes over the documents: covariances of every tracked linear map's inputs and output gradients, then"
                    + " the corrected eigenvalues Λ in their eigenbasis. The folder has kronfluence's layout. Started"
                    + " again after a stop, it goes on.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = "  wellspring fit --model pythia-160m --documents sample.jsonl.zst --out factors")
final class FitCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private DocumentOptions documents = new DocumentOptions();

    @Mixin
    private ShardOptions shards = new ShardOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the factors.")
    private Path out;

    @Option(
            names = "--curvature",
            paramLabel = "NAME",
            defaultValue = "ekfac",
            description = "ekfac, kfac, diagonal or identity. Default: ${DEFAULT-VALUE}.")
    private CurvatureStrategy curvature = CurvatureStrategy.EKFAC;

    @Option(
            names = "--labels",
            paramLabel = "WHICH",
            defaultValue = "sampled",
            description = "sampled (from the model's own predictions: the true Fisher) or own (the documents' next"
                    + " tokens: the empirical one). Default: ${DEFAULT-VALUE}.")
    private LabelChoice labels = LabelChoice.SAMPLED;

    @Option(
            names = "--modules",
            paramLabel = "WHICH",
            defaultValue = "mlp",
            description = "Which linear maps are tracked: mlp, all, or a regular expression for whole names."
                    + " Default: ${DEFAULT-VALUE}.")
    private String modules = "mlp";

    @Option(
            names = "--fit-documents",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Fit on the first N documents only. Default: all.")
    private long fitDocuments = -1;

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
        try (RunScope scope = wellspring.open(run);
                Checkpoint checkpoint = Checkpoint.open(model.model);
                Tokenizer tokenizer = Tokenizer.open(model.model);
                Engine engine = new Engine(scope, compute, devices)) {
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            var settings = new FitSettings(
                    curvature,
                    labels,
                    new ModuleSelection(modules),
                    fitDocuments,
                    documents.maxTokens(config),
                    run.seed,
                    compute.dtype,
                    engine.budget(run, config),
                    shards.tokens());
            CorpusSource source = documents.open(tokenizer, config);
            var fitting = new FitRun(engine.context(), settings);
            if (explain) {
                fitting.explain(checkpoint, source)
                        .forEach(wellspring.terminal().out()::println);
                return ExitStatus.DONE;
            }
            Findings.note(fitting.run(checkpoint, source, out), scope.progress());
        }
        wellspring.terminal().out().println(out);
        return ExitStatus.DONE;
    }
}
