package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json. Default: ${DEFAULT-VALUE}.")
    private CorpusCommand.View view = CorpusCommand.View.TABLE;

    @Override
    public Integer call() {
        switch (view) {
            case TABLE -> {
                corpus.out().printf("%-18s %9s  %s%n", "name", "documents", "what");
                for (DocumentFamily family : DocumentFamilies.all()) {
                    corpus.out()
                            .printf(
                                    "%-18s %9d  %s%n",
                                    family.name(),
                                    family.describe().count(),
                                    family.describe().purpose());
                }
            }
            case JSON ->
                corpus.print(DocumentFamilies.all().stream()
                        .map(CorpusListCommand::entry)
                        .toList());
        }
        return ExitStatus.DONE;
    }

    /// A family in JSON.
    static Map<String, Object> entry(DocumentFamily family) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", family.name());
        entry.put("purpose", family.describe().purpose());
        entry.put("source", family.describe().source());
        entry.put("documents", family.describe().counts());
        List<Map<String, Object>> parameters = family.describe().parameters().stream()
                .map(parameter -> Map.<String, Object>of(
                        "name", parameter.name(),
                        "default", parameter.defaultValue(),
                        "meaning", parameter.meaning(),
                        "choices", parameter.choices()))
                .toList();
        entry.put("parameters", parameters);
        return entry;
    }
}
