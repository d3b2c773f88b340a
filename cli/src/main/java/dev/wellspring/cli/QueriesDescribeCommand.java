package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.QueryJson;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.QueryFamily;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries describe`: one family, with two of its queries.
@Command(
        name = "describe",
        header = "Describe a family: purpose, parameters, counts and two queries.",
        description = {"", "The second query differs from the first in kind or split role, where there is one.", ""},
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring queries describe slope", "  wellspring queries describe lso-addition --format json"})
final class QueriesDescribeCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Parameters(paramLabel = "NAME", description = "A family, as 'wellspring queries list' names it.")
    private String name;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json. Default: ${DEFAULT-VALUE}.")
    private QueriesCommand.Format format = QueriesCommand.Format.TABLE;

    @Override
    public Integer call() {
        QueryFamily family = Families.named(name);
        switch (format) {
            case TABLE -> table(family);
            case JSON -> queries.print(json(family));
        }
        return ExitStatus.DONE;
    }

    private void table(QueryFamily family) {
        FamilyDescription description = family.describe();
        PrintStream out = queries.out();
        out.println(family.name() + ": " + description.purpose());
        out.println("After " + description.source() + ".");
        out.printf(
                Locale.ROOT,
                "%d queries: %s%n%nParameters:%n",
                description.count(),
                QueriesListCommand.counts(description));
        for (Parameter parameter : description.parameters()) {
            String choices = parameter.choices().isEmpty() ? "" : ": " + String.join(", ", parameter.choices());
            out.printf(
                    Locale.ROOT,
                    "  %-16s %s%s. Default: %s.%n",
                    parameter.name(),
                    parameter.meaning(),
                    choices,
                    parameter.defaultValue());
        }
        for (GeneratedQuery query : QueriesCommand.examples(family)) {
            out.println();
            out.println(QueriesCommand.shown(query));
        }
    }

    private static Map<String, Object> json(QueryFamily family) {
        FamilyDescription description = family.describe();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", family.name());
        object.put("kind", family.kind().text());
        object.put("purpose", description.purpose());
        object.put("source", description.source());
        object.put("counts", description.counts());
        object.put("parameters", description.parameters());
        object.put(
                "examples",
                QueriesCommand.examples(family).stream().map(QueryJson::write).toList());
        return object;
    }
}
