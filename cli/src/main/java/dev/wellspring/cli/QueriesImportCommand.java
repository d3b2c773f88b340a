package dev.wellspring.cli;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.set.Manifest;
import dev.wellspring.queries.set.QueryImport;
import dev.wellspring.queries.set.QuerySet;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries import`: queries of one's own as a query set.
@Command(
        name = "import",
        header = "Make a query set of your own queries.",
        description = {
            "",
            "Reads JSONL, CSV, Parquet or Arrow with the columns prompt and completion. Rows that are no queries are"
                    + " left out, and standard error says of each one why; the others are written.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring queries import trivia.csv --kind factual --out sets/trivia",
            "  wellspring queries import riddles.parquet --kind reasoning --out sets/riddles"
        })
final class QueriesImportCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Parameters(paramLabel = "FILE", description = "JSONL, CSV, Parquet or Arrow.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to write into.")
    private Path out;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "factual, reasoning or control, for rows without a kind.")
    private @Nullable QueryKind kind;

    @Option(
            names = "--family",
            paramLabel = "NAME",
            defaultValue = "own",
            description = "For rows without a family. Default: ${DEFAULT-VALUE}.")
    private String family = "own";

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        QueryImport.Report report = QueryImport.read(file, new QueryImport.Defaults(kind, family));
        queries.complain(report.rejected());
        if (report.accepted().isEmpty()) {
            throw new BadInputException(file + ": expected at least one query, found none; correct the rows above");
        }
        var set = new QuerySet(out);
        Manifest manifest = set.write(
                family,
                0,
                Map.of("imported", String.valueOf(file.getFileName())),
                report.accepted().iterator());
        QueriesMakeCommand.show(queries, view, set, manifest);
        return report.rejected().isEmpty() ? ExitStatus.DONE : ExitStatus.BAD_INPUT;
    }
}
