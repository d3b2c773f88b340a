package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One thing that is true or not, such as `(on a b)`: a predicate and the objects it is said of.
///
/// @param arguments objects, or parameters inside an [Operator]
public record Fact(String predicate, List<String> arguments) implements Comparable<Fact> {
    private static final Pattern PARENTHESES = Pattern.compile("\\(([^()]*)\\)");

    /// Copies the arguments.
    public Fact {
        arguments = List.copyOf(arguments);
    }

    /// A fact about these objects.
    public static Fact of(String predicate, String... arguments) {
        return new Fact(predicate, List.of(arguments));
    }

    /// The facts in a text such as `(clear a) (on a b)`, in its order.
    public static List<Fact> parse(String text) {
        return words(text)
                .map(words -> new Fact(words.getFirst(), words.subList(1, words.size())))
                .toList();
    }

    /// Facts as one line that [#parse] reads, in their order.
    public static String line(List<Fact> facts) {
        return facts.stream().map(Fact::toString).collect(Collectors.joining(" "));
    }

    static Stream<List<String>> words(String text) {
        Matcher matcher = PARENTHESES.matcher(text);
        return matcher.results().map(result -> Arrays.asList(result.group(1).split(" ", -1)));
    }

    /// The fact with parameters replaced by objects.
    Fact with(Map<String, String> objects) {
        List<String> with = new ArrayList<>(arguments.size());
        for (String argument : arguments) {
            with.add(objects.getOrDefault(argument, argument));
        }
        return new Fact(predicate, with);
    }

    /// By predicate, then by arguments, as if a line joined them: `in-city_` comes before `in_`, as in PlanBench.
    @Override
    public int compareTo(Fact other) {
        int order = compare(predicate, other.predicate);
        for (int i = 0; order == 0 && i < Math.min(arguments.size(), other.arguments.size()); i++) {
            order = arguments.get(i).compareTo(other.arguments.get(i));
        }
        return order == 0 ? Integer.compare(arguments.size(), other.arguments.size()) : order;
    }

    private static int compare(String name, String other) {
        if (name.equals(other)) {
            return 0;
        }
        if (name.length() > other.length() && name.startsWith(other)) {
            return Character.compare(name.charAt(other.length()), '_');
        }
        if (other.length() > name.length() && other.startsWith(name)) {
            return Character.compare('_', other.charAt(name.length()));
        }
        return name.compareTo(other);
    }

    /// As in PDDL: `(on a b)`.
    @Override
    public String toString() {
        return "("
                + String.join(
                        " ",
                        Stream.concat(Stream.of(predicate), arguments.stream()).toList()) + ")";
    }
}
