package dev.wellspring.cli;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.set.QueryImport;
import dev.wellspring.queries.set.QuerySet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries check`: whether a file holds queries that hold together.
@Command(
        name = "check",
        header = "Check a query set, or a table of your own.",
        description = {
            "",
            "Says of each row that is no query why: a field that is missing or of another type, an id that is there"
                    + " twice, a control of nothing, a completion that its own family grades wrong. Where a manifest"
                    + " lies beside the queries, its digest and counts must be theirs. Exit status 2 if anything is.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring queries check sets/addition", "  wellspring queries check trivia.csv --kind factual"})
final class QueriesCheckCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Parameters(paramLabel = "FILE", description = "A query set's folder, or JSONL, CSV, Parquet or Arrow.")
    private Path file;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "factual, reasoning or control, for rows without a kind.")
    private @Nullable QueryKind kind;

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        QueryImport.Report report = QueryImport.read(queriesOf(file), new QueryImport.Defaults(kind, "own"));
        List<String> problems = new ArrayList<>(report.rejected());
        if (Files.isDirectory(file)) {
            problems.addAll(new QuerySet(file).contradictions(report.accepted()));
        }
        view.show(
                queries.out(),
                () -> {
                    problems.forEach(queries.out()::println);
                    queries.out().println(report.accepted().size() + " queries, " + problems.size() + " problems");
                },
                () -> {
                    Map<String, Object> result = new LinkedHashMap<>();
                    result.put("queries", report.accepted().size());
                    result.put("problems", problems);
                    return result;
                });
        return problems.isEmpty() ? ExitStatus.DONE : ExitStatus.BAD_INPUT;
    }

    /// The file itself, or the queries in a query set's folder.
    static Path queriesOf(Path file) {
        return Files.isDirectory(file) ? new QuerySet(file).queries() : file;
    }
}
