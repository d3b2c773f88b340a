package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Families of queries and of documents, as text that keeps to a width and as JSON.
///
/// @param width columns of the terminal
record FamilyView(int width) {
    private static final int GAP = 2;
    private static final int MANY = 4;

    /// One example of a family.
    ///
    /// @param lines texts, of which each is cut to one line
    record Example(String family, List<String> lines) {}

    /// Rows of as many cells each, which are wrapped where they are too long.
    String table(List<List<String>> rows) {
        List<Column> columns = new ArrayList<>();
        int last = rows.getFirst().size() - 1;
        int left = width;
        for (int cell = 0; cell < last; cell++) {
            int at = cell;
            int widest =
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            int taken = Math.min(widest, width / 2) + GAP;
            columns.add(new Column(taken, 0, Overflow.WRAP));
            left -= taken;
        }
        columns.add(new Column(left, 0, Overflow.WRAP));
        var table = Help.TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns.toArray(Column[]::new));
        rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
        return table.toString().stripTrailing();
    }

    /// A text of any length, between words.
    String paragraph(String text) {
        return table(List.of(List.of(text)));
    }

    /// What a family says about itself, ahead of its examples.
    ///
    /// @param what is counted, such as `queries`
    String page(String name, String what, FamilyDescription description) {
        List<List<String>> parameters = new ArrayList<>();
        for (Parameter parameter : description.parameters()) {
            String choices = parameter.choices().isEmpty() ? "" : ": " + String.join(", ", parameter.choices());
            parameters.add(List.of(
                    "  --param " + parameter.name(),
                    parameter.meaning() + choices + ". Default: " + parameter.defaultValue() + "."));
        }
        return paragraph(name + ": " + description.purpose()) + "\n"
                + paragraph("After " + description.source() + ".") + "\n"
                + paragraph(description.count() + " " + what + ": " + counts(description))
                + (parameters.isEmpty() ? "\n\nNo parameters." : "\n\nParameters:\n" + table(parameters));
    }

    /// `20 published, 80 generated`; where many parts are equal, `10 each of t1, t2, t3, …`.
    static String counts(FamilyDescription description) {
        Map<String, Integer> counts = description.counts();
        if (areEqual(counts)) {
            return counts.values().iterator().next() + " each of " + String.join(", ", counts.keySet());
        }
        return counts.entrySet().stream()
                .map(part -> part.getValue() + " " + part.getKey())
                .collect(Collectors.joining(", "));
    }

    /// The same, without the names of many equal parts.
    static String shortCounts(FamilyDescription description) {
        Map<String, Integer> counts = description.counts();
        return areEqual(counts)
                ? counts.values().iterator().next() + " each of " + counts.size() + " kinds"
                : counts(description);
    }

    private static boolean areEqual(Map<String, Integer> counts) {
        return counts.size() > MANY && Set.copyOf(counts.values()).size() == 1;
    }

    /// A number that stands right in its column.
    static String right(int number) {
        return String.format(Locale.ROOT, "%9d", number);
    }

    /// A family for JSON.
    static Map<String, Object> json(String name, FamilyDescription description) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("purpose", description.purpose());
        object.put("source", description.source());
        object.put("count", description.count());
        object.put("counts", description.counts());
        object.put("parameters", description.parameters());
        return object;
    }

    /// Every field of a record that holds something, by name.
    String fields(JsonNode fields) {
        return table(fields.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .filter(field ->
                        !field.getValue().isContainerNode() || !field.getValue().isEmpty())
                .map(field -> List.of("  " + field.getKey(), field.getValue().toString()))
                .toList());
    }

    /// Has a verb's help end in examples, which are made when it is asked for.
    static void showInHelp(CommandLine wellspring, String verb, String heading, Supplier<List<Example>> examples) {
        CommandLine command = wellspring.getSubcommands().get(verb);
        if (command != null) {
            command.getHelpSectionMap()
                    .merge(
                            UsageMessageSpec.SECTION_KEY_FOOTER,
                            help -> "",
                            (usual, none) -> help -> usual.render(help)
                                    + "%n%s%n".formatted(heading)
                                    + new FamilyView(help.commandSpec()
                                                    .usageMessage()
                                                    .width())
                                            .examples(examples.get()));
        }
    }

    private String examples(List<Example> examples) {
        int widest = examples.stream()
                .mapToInt(example -> example.family().length())
                .max()
                .orElse(0);
        String row = "  %-" + widest + "s  %s%n";
        var text = new StringBuilder();
        for (Example example : examples) {
            String name = example.family();
            for (String line : example.lines()) {
                text.append(row.formatted(name, oneLine(line, width - widest - 2 * GAP)));
                name = "";
            }
        }
        return text.toString();
    }

    /// A text on one line, cut where it is too long.
    private static String oneLine(String text, int longest) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " / ");
        return line.length() <= longest ? line : line.substring(0, longest - 3).stripTrailing() + "...";
    }
}
