package dev.wellspring.queries.task.planning;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One step of a plan, such as `(stack a b)`: an operator and its objects.
public record Step(String operator, List<String> arguments) {
    /// Copies the arguments.
    public Step {
        arguments = List.copyOf(arguments);
    }

    /// A step with these objects.
    public static Step of(String operator, String... arguments) {
        return new Step(operator, List.of(arguments));
    }

    /// The steps in a text such as `(pick-up a) (stack a b)`, in its order.
    public static List<Step> parse(String text) {
        return Fact.words(text)
                .map(words -> new Step(words.getFirst(), words.subList(1, words.size())))
                .toList();
    }

    /// The plan as one line that [#parse] reads.
    public static String line(List<Step> plan) {
        return plan.stream().map(Step::toString).collect(Collectors.joining(" "));
    }

    /// As in PDDL: `(stack a b)`.
    @Override
    public String toString() {
        return "("
                + String.join(
                        " ",
                        Stream.concat(Stream.of(operator), arguments.stream()).toList()) + ")";
    }
}
