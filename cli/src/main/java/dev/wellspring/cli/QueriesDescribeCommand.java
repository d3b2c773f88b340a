package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.QueryJson;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        QueryFamily family = Families.named(name);
        view.show(queries.out(), () -> print(family), () -> json(family));
        return ExitStatus.DONE;
    }

    private void print(QueryFamily family) {
        queries.out().println(queries.families().page(family.name(), "queries", family.describe()));
        for (GeneratedQuery query : examples(family)) {
            queries.out().println();
            queries.out().println(queries.families().fields(QueryJson.write(query)));
        }
    }

    private static Map<String, Object> json(QueryFamily family) {
        Map<String, Object> object = QueriesListCommand.json(family);
        object.put("examples", examples(family).stream().map(QueryJson::write).toList());
        return object;
    }

    /// The first query of a family's defaults, then one that has another kind or split role, or the second.
    private static List<GeneratedQuery> examples(QueryFamily family) {
        try (Stream<GeneratedQuery> all = family.generate(0, family.describe().parameters(Map.of()))) {
            List<GeneratedQuery> queries = all.toList();
            GeneratedQuery first = queries.getFirst();
            return queries.stream()
                    .skip(1)
                    .filter(query -> query.kind() != first.kind()
                            || !String.valueOf(query.splitRole()).equals(String.valueOf(first.splitRole())))
                    .findFirst()
                    .or(() -> queries.stream().skip(1).findFirst())
                    .map(second -> List.of(first, second))
                    .orElse(List.of(first));
        }
    }
}
