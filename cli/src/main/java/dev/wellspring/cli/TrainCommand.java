package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.train.TrainRun;
import dev.wellspring.run.train.TrainSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring train`: documents become a checkpoint.
@Command(
        name = "train",
        header = "Train a small decoder, from scratch or from a checkpoint.",
        description = {
            "",
            "Every parameter, on all of a text or on the completion after a prompt. The folder is a Hugging Face checkpoint"
                    + " when the run is complete; training.csv tells the loss of every step. Started again after a"
                    + " stop, it goes on, and ends with the bytes of a run that was never disturbed.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring train --documents corpus.jsonl --tokenizer tok --layers 3 --width 96 --heads 4 --out model",
            "  wellspring train --documents corpus.jsonl --tokenizer tok --config config.json --out model",
            "  wellspring train --documents more.jsonl --model model --rate 1e-4 --epochs 1 --out tuned"
        })
final class TrainCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private DocumentOptions documents = new DocumentOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the checkpoint.")
    private Path out;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--checkpoints",
            split = ",",
            paramLabel = "STEP",
            description = "Steps after which a checkpoint is kept in checkpoints/step-N, with the optimiser's state.")
    private List<Long> checkpoints = List.of();

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws IOException {
        training.requireType(compute.dtype);
        try (RunScope scope = wellspring.open(run);
                ModelChoice.Opened start = model.open();
                Engine engine = new Engine(scope, compute)) {
            TrainSettings settings = training.settings(
                    documents.maxTokens(start.config()),
                    run.seed,
                    compute.dtype,
                    engine.budget(run, start.config()),
                    new TreeSet<>(checkpoints));
            CorpusSource source = documents.open(start.tokenizer(), start.config());
            Manifest manifest = new TrainRun(engine.context(), engine::lane, engine.parallel(), settings)
                    .run(start.start(), source, start.companions(), out);
            Findings.note(manifest, scope.progress());
        }
        wellspring.terminal().out().println(out);
        return ExitStatus.DONE;
    }
}
