package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.QueryJson;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wellspring queries`: query sets that are made, checked and graded.
@Command(
        name = "queries",
        header = "Make, check and grade query sets.",
        description = {
            "",
            "A family knows its questions, their answers and where each lies among the others. A query set is a folder"
                    + " with queries.jsonl, which 'wellspring score --queries' reads, and manifest.json, which says how"
                    + " it came about. The same family, seed and parameters give the same bytes.",
            ""
        },
        subcommands = {
            QueriesListCommand.class,
            QueriesDescribeCommand.class,
            QueriesMakeCommand.class,
            QueriesImportCommand.class,
            QueriesCheckCommand.class,
            QueriesGradeCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring queries list",
            "  wellspring queries describe lso-addition",
            "  wellspring queries make lso-addition --param format=scratchpad --out sets/addition",
            "  wellspring queries grade answers.jsonl --queries sets/addition"
        })
final class QueriesCommand implements Callable<Integer> {
    /// How results are shown.
    enum Format {
        TABLE,
        JSON
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParentCommand
    private Wellspring wellspring;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        throw new ParameterException(command.commandLine(), "expected list, describe, make, import, check or grade");
    }

    /// Where data goes.
    PrintStream out() {
        return wellspring.terminal().out();
    }

    /// Says what is wrong, apart from the data.
    void complain(List<String> problems) {
        problems.forEach(wellspring.terminal().err()::println);
    }

    /// Prints a value as indented JSON.
    void print(Object value) {
        try {
            out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("json: " + e.getOriginalMessage(), e);
        }
    }

    /// Has the help of the verb end in one query of each family, made when it is asked for.
    static void showFamiliesInHelp(CommandLine wellspring) {
        CommandLine queries = wellspring.getSubcommands().get("queries");
        if (queries != null) {
            queries.getHelpSectionMap()
                    .merge(
                            UsageMessageSpec.SECTION_KEY_FOOTER,
                            help -> "",
                            (usual, none) -> help -> usual.render(help) + familyExamples());
        }
    }

    /// The first query of a family's defaults, then one that has another kind or split role, or the second.
    static List<GeneratedQuery> examples(QueryFamily family) {
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

    /// A query for people: every field that it has, one a line, texts in quotes.
    static String shown(GeneratedQuery query) {
        return QueryJson.write(query).properties().stream()
                .map(field -> "  %-21s %s".formatted(field.getKey(), field.getValue()))
                .collect(Collectors.joining("%n".formatted()));
    }

    private static String familyExamples() {
        return Families.all().stream()
                .map(QueriesCommand::familyExample)
                .collect(Collectors.joining("", "%nOne query of each family:%n".formatted(), ""));
    }

    private static String familyExample(QueryFamily family) {
        try (Stream<GeneratedQuery> queries =
                family.generate(0, family.describe().parameters(Map.of()))) {
            String example = queries.findFirst()
                    .map(query -> inline(query.prompt(), 300) + " -> " + inline(query.completion(), 100))
                    .orElse("");
            return "  %s: %s%n".formatted(family.name(), example);
        }
    }

    /// A text on one line, cut in the middle where it is long.
    private static String inline(String text, int longest) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " / ");
        return line.length() <= longest ? line : "... " + line.substring(line.length() - longest);
    }
}
