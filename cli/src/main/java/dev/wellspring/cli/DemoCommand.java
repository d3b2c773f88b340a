package dev.wellspring.cli;

import dev.wellspring.cli.report.RankBy;
import dev.wellspring.cli.report.Ranking;
import dev.wellspring.cli.report.TableWriter;
import dev.wellspring.rank.Tail;
import dev.wellspring.store.scores.ScoreRow;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring demo`: the main job on an example that comes with the program.
@Command(
        name = "demo",
        header = "Run the whole job on a small embedded model and its training documents.",
        description = {
            "",
            "A two-layer Llama of 45,000 parameters, the 400 documents it was trained on, and 16 queries: 8 capitals it"
                    + " read about, and 8 sums it learned to work out. Fits, scores, and shows what it found.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring demo", "  wellspring top wellspring-demo/run --query capital-norland"})
final class DemoCommand implements Callable<Integer> {
    private static final List<String> FILES = List.of(
            "model/config.json",
            "model/model.safetensors",
            "model/tokenizer.json",
            "model/tokenizer_config.json",
            "documents.jsonl",
            "queries.jsonl");

    /// Shown in full: two of each kind.
    private static final List<String> SHOWN =
            List.of("capital-norland", "capital-ostria", "arithmetic-1", "arithmetic-2");

    @ParentCommand
    private Wellspring wellspring;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "wellspring-demo",
            description = "Where the example and the results go. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("wellspring-demo");

    @Override
    public Integer call() throws IOException {
        for (String file : FILES) {
            extract(file);
        }
        String model = out.resolve("model").toString();
        String documents = out.resolve("documents.jsonl").toString();
        String factors = out.resolve("factors").toString();
        String queries = out.resolve("queries.jsonl").toString();
        String run = out.resolve("run").toString();
        int status = step("fit", "--model", model, "--documents", documents, "--out", factors);
        if (status == ExitStatus.DONE) {
            status = step(
                    "score",
                    "--model",
                    model,
                    "--factors",
                    factors,
                    "--queries",
                    queries,
                    "--documents",
                    documents,
                    "--out",
                    run);
        }
        if (status == ExitStatus.DONE) {
            show(out.resolve("run"));
        }
        return status;
    }

    private int step(String... arguments) {
        Terminal terminal = wellspring.terminal();
        terminal.err().println("$ wellspring " + String.join(" ", arguments));
        return Wellspring.run(terminal.withOut(new PrintStream(PrintStream.nullOutputStream())), arguments);
    }

    private void show(Path run) {
        Terminal terminal = wellspring.terminal();
        var table = new TableWriter(terminal.width(), terminal.colours());
        table.write(TopCommand.rankings(run, true, SHOWN, 5, RankBy.RAW, Tail.TOP), terminal.out());
        List<Ranking> all = TopCommand.rankings(run, true, List.of(), 1, RankBy.RAW, Tail.TOP);
        terminal.out().println();
        terminal.out().println(finding(all, "factual"));
        terminal.out().println(finding(all, "reasoning"));
        terminal.out().println();
        terminal.out().println("Factors: " + out.resolve("factors"));
        terminal.out().println("Scores:  " + run);
        terminal.out()
                .println("Next:    wellspring top " + run
                        + " --query capital-tarsia --by normalised, or wellspring export " + run + " --format csv");
    }

    /// How often the first document holds the query's answer, in words.
    private static String finding(List<Ranking> all, String kind) {
        List<Ranking> ofKind = all.stream()
                .filter(ranking -> ranking.query().kind().equals(kind))
                .toList();
        long held = ofKind.stream().filter(DemoCommand::firstHoldsAnswer).count();
        return "The most influential document holds the answer for " + held + " of " + ofKind.size() + " " + kind
                + " queries.";
    }

    private static boolean firstHoldsAnswer(Ranking ranking) {
        if (ranking.documents().isEmpty()) {
            return false;
        }
        ScoreRow first = ranking.documents().getFirst().row();
        for (var answer : ranking.query().extras().path("answers")) {
            if (first.preview().contains(answer.asText())) {
                return true;
            }
        }
        return false;
    }

    /// Copies a file of the example to its place, whole.
    private void extract(String file) throws IOException {
        Path target = out.resolve(file);
        Files.createDirectories(Objects.requireNonNullElse(target.getParent(), out));
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (InputStream resource = DemoCommand.class.getResourceAsStream("demo/" + file)) {
            if (resource == null) {
                throw new FileNotFoundException("demo/" + file + ": expected in the program's jar");
            }
            Files.copy(resource, part, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
