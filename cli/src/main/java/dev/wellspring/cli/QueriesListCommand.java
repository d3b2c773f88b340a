package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.QueryFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries list`: every family with its counts.
@Command(
        name = "list",
        header = "List the families of queries, with what their defaults give.",
        description = {"", "One line per family: its name, its kind, and how many queries it makes, by part.", ""},
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring queries list", "  wellspring queries list --format json"})
final class QueriesListCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json. Default: ${DEFAULT-VALUE}.")
    private QueriesCommand.Format format = QueriesCommand.Format.TABLE;

    @Override
    public Integer call() {
        switch (format) {
            case TABLE -> table();
            case JSON ->
                queries.print(
                        Families.all().stream().map(QueriesListCommand::json).toList());
        }
        return ExitStatus.DONE;
    }

    private void table() {
        List<QueryFamily> families = Families.all();
        int widest = families.stream()
                .mapToInt(family -> family.name().length())
                .max()
                .orElse(0);
        String row = "%-" + widest + "s  %-9s  %7s  %s%n";
        queries.out().printf(Locale.ROOT, row, "name", "kind", "queries", "of which");
        for (QueryFamily family : families) {
            FamilyDescription description = family.describe();
            queries.out()
                    .printf(
                            Locale.ROOT,
                            row,
                            family.name(),
                            family.kind().text(),
                            description.count(),
                            counts(description));
        }
    }

    /// `20 published, 80 generated`.
    static String counts(FamilyDescription description) {
        return description.counts().entrySet().stream()
                .map(part -> part.getValue() + " " + part.getKey())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Object> json(QueryFamily family) {
        FamilyDescription description = family.describe();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", family.name());
        object.put("kind", family.kind().text());
        object.put("queries", description.count());
        object.put("counts", description.counts());
        object.put("purpose", description.purpose());
        object.put("source", description.source());
        return object;
    }
}
