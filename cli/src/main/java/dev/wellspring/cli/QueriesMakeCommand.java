package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.Manifest;
import dev.wellspring.queries.set.QuerySet;
import dev.wellspring.queries.task.QueryFamily;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries make`: a family's queries, on disk.
@Command(
        name = "make",
        header = "Make a query set.",
        description = {"", "Writes queries.jsonl and manifest.json into a folder that has none.", ""},
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring queries make slope --seed 7 --param generated=200 --out sets/slope",
            "  wellspring queries make factual --param table=invented --out sets/facts",
            "  wellspring queries make lso-addition --param format=scratchpad --out sets/sums"
        })
final class QueriesMakeCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Mixin
    private FamilyOptions options = new FamilyOptions();

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        QueryFamily family = Families.named(options.name);
        var set = new QuerySet(options.out);
        Manifest manifest = set.make(family, options.seed, family.describe().parameters(options.parameters));
        show(queries, view, set, manifest);
        return ExitStatus.DONE;
    }

    /// Says what was written.
    static void show(QueriesCommand queries, ViewOption view, QuerySet set, Manifest manifest) {
        view.show(
                queries.out(),
                () -> {
                    queries.out().println(set.queries() + ": " + manifest.counts());
                    queries.out().println(manifest.digest());
                },
                () -> manifest);
    }
}
