package dev.wellspring.cli;

import dev.wellspring.queries.set.Grading;
import dev.wellspring.queries.set.QueryImport;
import dev.wellspring.queries.task.Grade;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring queries grade`: what answers are worth.
@Command(
        name = "grade",
        header = "Grade a file of answers.",
        description = {
            "",
            "Answers are JSON Lines with id and answer. Each is graded as its query's family says: right, wrong, or"
                    + " unreadable where no answer can be found in it. Families that are not built in are graded by"
                    + " whether one of the answers is mentioned. The table has those that are not right, and how many"
                    + " are; json has all.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring queries grade answers.jsonl --queries sets/sums",
            "  wellspring queries grade answers.jsonl --queries sets/sums --format json"
        })
final class QueriesGradeCommand implements Callable<Integer> {
    @ParentCommand
    private QueriesCommand queries;

    @Parameters(paramLabel = "FILE", description = "JSON Lines with id and answer.")
    private Path file;

    @Option(
            names = "--queries",
            paramLabel = "SET",
            required = true,
            description = "The query set's folder, or its queries as a file.")
    private Path set;

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        QueryImport.Report report =
                QueryImport.read(QueriesCheckCommand.queriesOf(set), new QueryImport.Defaults(null, "own"));
        if (!report.rejected().isEmpty()) {
            throw new BadInputException(report.rejected().getFirst());
        }
        List<Grading.Graded> graded = Grading.grade(report.accepted(), file);
        view.show(
                queries.out(),
                () -> table(graded),
                () -> graded.stream().map(QueriesGradeCommand::json).toList());
        return ExitStatus.DONE;
    }

    private void table(List<Grading.Graded> graded) {
        Map<String, Map<Grade.Verdict, Integer>> families = new TreeMap<>();
        for (Grading.Graded answer : graded) {
            Grade grade = answer.grade();
            families.computeIfAbsent(answer.query().family(), family -> new TreeMap<>())
                    .merge(grade.verdict(), 1, Integer::sum);
            if (grade.verdict() != Grade.Verdict.RIGHT) {
                queries.out().println(answer.query().id() + ": " + word(grade) + ": " + grade.reason());
            }
        }
        families.forEach((family, verdicts) -> {
            int all = verdicts.values().stream().mapToInt(Integer::intValue).sum();
            queries.out()
                    .printf(
                            Locale.ROOT,
                            "%s: %d of %d right, %d unreadable%n",
                            family,
                            verdicts.getOrDefault(Grade.Verdict.RIGHT, 0),
                            all,
                            verdicts.getOrDefault(Grade.Verdict.UNREADABLE, 0));
        });
    }

    private static Map<String, Object> json(Grading.Graded answer) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", answer.query().id());
        object.put("family", answer.query().family());
        object.put("verdict", word(answer.grade()));
        object.put("reason", answer.grade().reason());
        if (!answer.grade().details().isEmpty()) {
            object.put("details", new TreeMap<>(answer.grade().details()));
        }
        return object;
    }

    private static String word(Grade grade) {
        return grade.verdict().name().toLowerCase(Locale.ROOT);
    }
}
