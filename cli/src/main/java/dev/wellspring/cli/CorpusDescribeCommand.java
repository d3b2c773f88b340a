package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.synthesis.Documents;
import dev.wellspring.queries.synthesis.LabelledDocument;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json. Default: ${DEFAULT-VALUE}.")
    private CorpusCommand.View view = CorpusCommand.View.TABLE;

    @Override
    public Integer call() {
        DocumentFamily family = DocumentFamilies.named(name);
        Documents documents = family.documents(0, family.describe().parameters(Map.of()));
        List<LabelledDocument> examples =
                LongStream.range(0, EXAMPLES).mapToObj(documents::at).toList();
        switch (view) {
            case TABLE -> {
                describe(family.name(), family.describe());
                examples.forEach(this::show);
            }
            case JSON -> {
                Map<String, Object> entry = CorpusListCommand.entry(family);
                entry.put(
                        "examples",
                        examples.stream().map(CorpusDescribeCommand::entry).toList());
                corpus.print(entry);
            }
        }
        return ExitStatus.DONE;
    }

    private void describe(String family, FamilyDescription description) {
        corpus.out().println(family + ": " + description.purpose());
        corpus.out().println("After " + description.source() + ".");
        corpus.out().println("Documents: " + description.counts());
        for (Parameter parameter : description.parameters()) {
            String choices = parameter.choices().isEmpty() ? "" : " (" + String.join(", ", parameter.choices()) + ")";
            corpus.out()
                    .println("  --param " + parameter.name() + "=" + parameter.defaultValue() + "  "
                            + parameter.meaning() + choices);
        }
    }

    private void show(LabelledDocument document) {
        corpus.out().println();
        corpus.out()
                .println(document.id() + "  task " + document.task() + ", role "
                        + document.role().label() + ", template " + document.template() + ", coordinates "
                        + document.coordinates() + ", answers " + document.answers());
        document.text().lines().forEach(line -> corpus.out().println("  " + line));
    }

    private static Map<String, Object> entry(LabelledDocument document) {
        return Map.of(
                "id",
                document.id(),
                "text",
                document.text(),
                "task",
                document.task(),
                "role",
                document.role().label(),
                "template",
                document.template(),
                "coordinates",
                document.coordinates(),
                "answers",
                document.answers());
    }
}
