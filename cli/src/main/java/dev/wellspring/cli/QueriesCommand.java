package dev.wellspring.cli;

import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
            "  wellspring queries make lso-addition --param half-side=20 --out sets/sums",
            "  wellspring queries check sets/sums",
            "  wellspring queries grade answers.jsonl --queries sets/sums"
        })
final class QueriesCommand implements Callable<Integer> {
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

    /// Families as the terminal has room for them.
    FamilyView families() {
        return new FamilyView(wellspring.terminal().width());
    }

    /// One query of each family, for the help.
    static List<FamilyView.Example> familyExamples() {
        return Families.all().stream().map(QueriesCommand::familyExample).toList();
    }

    private static FamilyView.Example familyExample(QueryFamily family) {
        try (Stream<GeneratedQuery> queries =
                family.generate(0, family.describe().parameters(Map.of()))) {
            GeneratedQuery first = queries.findFirst().orElseThrow();
            return new FamilyView.Example(
                    family.name(),
                    List.of(first.prompt(), "-> " + first.completion().strip()));
        }
    }
}
