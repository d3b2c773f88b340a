package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.task.FamilyDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `wellspring corpus list`: the families of documents.
@Command(
        name = "list",
        header = "List the families of documents.",
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring corpus list", "  wellspring corpus list --format json"})
final class CorpusListCommand implements Callable<Integer> {
    @ParentCommand
    private CorpusCommand corpus;

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        view.show(
                corpus.out(),
                () -> corpus.out().println(table()),
                () -> DocumentFamilies.all().stream()
                        .map(family -> FamilyView.json(family.name(), family.describe()))
                        .toList());
        return ExitStatus.DONE;
    }

    private String table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "documents", "what"));
        for (DocumentFamily family : DocumentFamilies.all()) {
            FamilyDescription description = family.describe();
            rows.add(List.of(family.name(), FamilyView.right(description.count()), description.purpose()));
        }
        return corpus.families().table(rows);
    }
}
