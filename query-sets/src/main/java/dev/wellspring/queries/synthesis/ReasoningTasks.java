package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.arithmetic.ReasoningFamily;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which of the reasoning tasks documents are about: the parameter `tasks`.
final class ReasoningTasks {
    private static final String NAME = "tasks";
    private static final String ALL = "all";

    private ReasoningTasks() {}

    /// All three, in the order of the documentation.
    static List<ReasoningFamily> all() {
        return List.of(ReasoningFamily.twoStepArithmetic(), ReasoningFamily.slope(), ReasoningFamily.linearEquation());
    }

    static Parameter parameter() {
        return Parameter.of(NAME, ALL, "all, or some of " + names());
    }

    /// Those that were asked for, each once.
    ///
    /// @throws CorpusException if there is no such task
    static List<ReasoningFamily> chosen(Parameters parameters) {
        String value = parameters.text(NAME);
        if (value.equals(ALL)) {
            return all();
        }
        return Stream.of(value.split(",", -1))
                .map(String::strip)
                .distinct()
                .map(ReasoningTasks::named)
                .toList();
    }

    private static ReasoningFamily named(String name) {
        return all().stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CorpusException.at(
                        "parameter " + NAME, "all, or some of " + names(), "\"" + name + "\"", "correct or remove it"));
    }

    private static String names() {
        return all().stream().map(ReasoningFamily::name).collect(Collectors.joining(","));
    }
}
