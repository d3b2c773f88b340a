package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.synthesis.DocumentLines;
import dev.wellspring.queries.synthesis.LabelledDocument;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring corpus describe`: what a family makes, with two examples.
@Command(
        name = "describe",
        header = "Show a family's parameters and two of its documents.",
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring corpus describe procedures", "  wellspring corpus describe facts --format json"})
final class CorpusDescribeCommand implements Callable<Integer> {
    private static final int EXAMPLES = 2;

    @ParentCommand
    private CorpusCommand corpus;

    @Parameters(paramLabel = "NAME", description = "A family that 'wellspring corpus list' names.")
    private String name;

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        DocumentFamily family = DocumentFamilies.named(name);
        List<LabelledDocument> examples = CorpusCommand.examples(family, EXAMPLES);
        view.show(
                corpus.out(),
                () -> {
                    corpus.out().println(corpus.families().page(family.name(), "documents", family.describe()));
                    examples.forEach(this::print);
                },
                () -> {
                    Map<String, Object> json = FamilyView.json(family.name(), family.describe());
                    json.put(
                            "examples",
                            examples.stream().map(DocumentLines::json).toList());
                    return json;
                });
        return ExitStatus.DONE;
    }

    private void print(LabelledDocument document) {
        corpus.out().println();
        corpus.out().println(corpus.families().fields(DocumentLines.json(document)));
    }
}
