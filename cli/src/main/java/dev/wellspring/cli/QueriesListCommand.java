package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.QueryFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        view.show(
                queries.out(),
                () -> queries.out().println(table()),
                () -> Families.all().stream().map(QueriesListCommand::json).toList());
        return ExitStatus.DONE;
    }

    private String table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "kind", "  queries", "of which"));
        for (QueryFamily family : Families.all()) {
            FamilyDescription description = family.describe();
            rows.add(List.of(
                    family.name(),
                    family.kind().text(),
                    FamilyView.right(description.count()),
                    FamilyView.shortCounts(description)));
        }
        return queries.families().table(rows);
    }

    /// A family in JSON.
    static Map<String, Object> json(QueryFamily family) {
        Map<String, Object> object = FamilyView.json(family.name(), family.describe());
        object.put("kind", family.kind().text());
        return object;
    }
}
