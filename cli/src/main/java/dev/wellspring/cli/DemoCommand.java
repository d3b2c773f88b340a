package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring demo`: the whole story, on a corpus whose truth is known.
@Command(
        name = "demo",
        header = "Make a corpus, train a model on it, and find what its answers come from.",
        description = {
            "",
            "The corpus knows the truth about itself: facts that stand in 1 to 64 documents, reasoning tasks worked on"
                    + " other numbers than the queries', planted answers to some of them, prose, and canaries. A small"
                    + " model is trained on it, asked 40 facts, 40 reasoning tasks and 20 controls, and every answer is"
                    + " traced to the documents. Says what came out, also where it is not what Ruis et al. found.",
            "",
            "Every step is a command that is shown, and a folder under --out: after a stop, the same command goes on."
                    + " Takes minutes on two cores, and seconds once the folders are there.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring demo",
            "  wellspring top wellspring-demo/run --query factual-invented-07",
            "  wellspring demo --size medium --out larger"
        })
final class DemoCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    @ParentCommand
    private Wellspring wellspring;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "wellspring-demo",
            description = "Where the corpus, the model and the results go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("wellspring-demo");

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "small",
            description =
                    "small: minutes. medium: an hour. tiny: seconds, for trying out the machinery; its model learns"
                            + " nothing. Default: ${DEFAULT-VALUE}.")
    private DemoSize size = DemoSize.SMALL;

    @Override
    public Integer call() throws IOException {
        try {
            Path run = run();
            BitSet answered = answered(out.resolve("answers.csv"));
            DemoFindings findings = DemoFindings.of(LabelledRun.read(run), answered);
            Path file = out.resolve("findings.json");
            WholeFile.write(file, JSON.writeValueAsString(findings) + "\n");
            new DemoText(findings, wellspring.terminal().out()).write();
            next(run, file, report(run));
            return ExitStatus.DONE;
        } catch (Step.FailedException failed) {
            return failed.status();
        }
    }

    /// Everything up to the scores.
    private Path run() throws IOException {
        Path corpus = out.resolve("corpus");
        String documents = documents().toString();
        String tokenizer = out.resolve("tokenizer").toString();
        String model = out.resolve("model").toString();
        String factors = out.resolve("factors").toString();
        Path run = out.resolve("run");
        step(size.corpus(), "--out", corpus.toString());
        step(List.of("corpus", "tokenizer", documents), size.tokenizer(), "--out", tokenizer);
        String queries = DemoQueries.make(size, out.resolve("queries")).toString();
        step(List.of("train", "--documents", documents, "--tokenizer", tokenizer), size.training(), "--out", model);
        step(
                List.of("evaluate", "--model", model, "--documents", queries, "--by", "kind"),
                "--each",
                out.resolve("answers.csv").toString());
        step(List.of("fit", "--model", model, "--documents", documents), "--out", factors);
        step(
                List.of("score", "--model", model, "--factors", factors, "--queries", queries),
                "--documents",
                documents,
                "--out",
                run.toString());
        return run;
    }

    /// What a person opens; written again when the run is newer.
    private Path report(Path run) throws IOException {
        Path report = out.resolve("report.html");
        FileTime scored = Files.getLastModifiedTime(run.resolve(Manifest.FILE));
        if (!Files.exists(report) || Files.getLastModifiedTime(report).compareTo(scored) < 0) {
            step(
                    List.of(
                            "report",
                            run.toString(),
                            "--model",
                            out.resolve("model").toString()),
                    "--documents",
                    documents().toString(),
                    "--factors",
                    out.resolve("factors").toString(),
                    "--out",
                    report.toString());
        }
        return report;
    }

    private Path documents() {
        return out.resolve("corpus").resolve("documents-00000-of-00001.jsonl");
    }

    private void step(List<String> verb, String... more) {
        step(verb, List.of(), more);
    }

    private void step(List<String> verb, List<String> settings, String... more) {
        List<String> arguments = new ArrayList<>(verb);
        arguments.addAll(settings);
        arguments.addAll(List.of(more));
        Step.show(wellspring, arguments);
        Step.run(wellspring, arguments);
    }

    /// Which queries the model completes as they are completed, by their place in the file.
    private static BitSet answered(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        var answered = new BitSet();
        for (int i = 1; i < lines.size(); i++) {
            answered.set(i - 1, lines.get(i).endsWith(",1"));
        }
        return answered;
    }

    private void next(Path run, Path file, Path report) {
        PrintStream terminal = wellspring.terminal().out();
        terminal.println();
        terminal.println("Report:   " + report + " (open it in a browser)");
        terminal.println("Findings: " + file);
        terminal.println("Scores:   " + run);
        terminal.println("Next:     wellspring top " + run
                + " --query factual-invented-07, or --query slope-published-01;" + " wellspring baselines " + run);
        if (size == DemoSize.TINY) {
            terminal.println("This was the size tiny: the model has learned nothing, so the findings mean nothing.");
        }
    }
}
