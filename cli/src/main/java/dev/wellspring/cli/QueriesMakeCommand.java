package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.Manifest;
import dev.wellspring.queries.set.QuerySet;
import dev.wellspring.queries.task.QueryFamily;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries make`: a family's queries, on disk.
@Command(
        name = "make",
        header = "Make a query set.",
        description = {"", "Writes queries.jsonl and manifest.json into a folder that has none.", ""},
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring queries make slope --seed 7 --param generated=200 --out sets/slope",
            "  wellspring queries make lso-addition --param half-side=20 --param format=scratchpad --out sets/addition"
        })
final class QueriesMakeCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Parameters(paramLabel = "NAME", description = "A family, as 'wellspring queries list' names it.")
    private String name;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to write into.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Everything random follows from it. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--param",
            paramLabel = "K=V",
            description = "A parameter, as 'wellspring queries describe' lists them; may be repeated.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How to say what was made: table or json. Default: ${DEFAULT-VALUE}.")
    private QueriesCommand.Format format = QueriesCommand.Format.TABLE;

    @Override
    public Integer call() {
        QueryFamily family = Families.named(name);
        var set = new QuerySet(out);
        Manifest manifest = set.make(family, seed, family.describe().parameters(parameters));
        show(queries, format, set, manifest);
        return ExitStatus.DONE;
    }

    /// Says what was written.
    static void show(QueriesCommand queries, QueriesCommand.Format format, QuerySet set, Manifest manifest) {
        switch (format) {
            case TABLE -> {
                queries.out().println(set.queries() + ": " + manifest.counts());
                queries.out().println(manifest.digest());
            }
            case JSON -> queries.print(manifest);
        }
    }
}
