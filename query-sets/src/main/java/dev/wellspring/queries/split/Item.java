package dev.wellspring.queries.split;

import dev.wellspring.queries.synthesis.Digits;
import dev.wellspring.queries.task.grid.Cell;
import dev.wellspring.queries.task.grid.GridTask;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a split needs to know of a document or a query.
///
/// @param id unique among the items
/// @param task the task it belongs to, as documents or queries call it
/// @param grid the grid task that `a` and `b` are a problem of, or whose numbers it adds; null if none
/// @param coordinates where it lies
/// @param labels such as `skin` and `template`
/// @param written the steps of its text; none where they follow from `a` and `b`, or are not known
public record Item(
        String id,
        String task,
        @Nullable GridTask grid,
        Map<String, Integer> coordinates,
        Map<String, String> labels,
        List<String> written) {
    /// Copies the collections.
    public Item {
        coordinates = Map.copyOf(coordinates);
        labels = Map.copyOf(labels);
        written = List.copyOf(written);
    }

    /// An item whose task says whether it lies on a grid.
    public static Item of(String id, String task, Map<String, Integer> coordinates, Map<String, String> labels) {
        return new Item(id, task, grid(task, coordinates), coordinates, labels, List.of());
    }

    /// The grid task that a task's name stands for; null if it stands for another.
    static @Nullable GridTask grid(String task, Map<String, Integer> coordinates) {
        return switch (task) {
            case "in-context-addition", "length-ladder" ->
                coordinates.getOrDefault("base", 10) == 9 ? GridTask.BASE9_ADDITION : GridTask.ADDITION;
            default -> {
                String name = task.replaceFirst("^lso-", "").replace("base-9", "base9");
                yield Arrays.stream(GridTask.values())
                        .filter(one -> one.text().equals(name))
                        .findFirst()
                        .orElse(null);
            }
        };
    }

    /// The point of the grid task that it lies on; null if it is no such problem.
    @Nullable
    Cell cell() {
        Integer a = coordinates.get("a");
        Integer b = coordinates.get("b");
        return grid == null || a == null || b == null ? null : new Cell(a, b);
    }

    /// How many digits the longer operand has; null if there is none.
    @Nullable
    Integer length() {
        Integer length = coordinates.getOrDefault("length", coordinates.get("digits"));
        Cell cell = cell();
        if (length != null || cell == null || grid == null) {
            return length;
        }
        return Integer.toString(Math.max(cell.a(), cell.b()), grid.base()).length();
    }

    /// The vocabulary, where the same problem exists in several.
    @Nullable
    String skin() {
        return labels.get("skin");
    }

    /// The wording, where there are several.
    @Nullable
    String template() {
        Integer wording = coordinates.get("wording");
        return labels.getOrDefault("template", wording == null ? null : "wording-" + wording);
    }

    /// What all items about the same fact share; null if it is about none.
    @Nullable
    String fact() {
        Integer number = coordinates.get("fact");
        String subject = labels.get("subject");
        if (number != null) {
            return "fact " + number;
        }
        return subject == null ? null : labels.getOrDefault("relation", "fact") + " of " + subject;
    }

    /// What the same problem has in common in every skin; null if nothing says which problem it is.
    @Nullable
    String problem() {
        String start = labels.get("start");
        if (start == null && coordinates.isEmpty()) {
            return null;
        }
        String told = start == null ? "" : start + " > " + labels.get("goal") + " > " + labels.get("shown");
        return task + " " + new TreeMap<>(coordinates) + " " + labels.get("task") + " " + told;
    }

    /// The steps that it takes, each with all that its outcome depends on: columns of an addition, actions of a plan.
    /// None if they are not known.
    public List<String> steps() {
        Cell cell = sum();
        if (!written.isEmpty() || cell == null || grid == null) {
            return written;
        }
        int base = grid.base();
        return Digits.steps(cell.a(), cell.b(), base).stream()
                .map(step -> column(step, base))
                .toList();
    }

    /// The two numbers that it adds, neither negative; null if it adds none.
    @Nullable
    Cell sum() {
        Cell cell = cell();
        if (cell == null || grid == null || Math.min(cell.a(), cell.b()) < 0) {
            return null;
        }
        return switch (grid) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION -> cell;
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> null;
        };
    }

    /// A column of an addition as a step.
    static String column(Digits.Step step, int base) {
        return step.a() + "+" + step.b() + "+" + step.carry() + " at " + step.position() + " in base " + base;
    }
}
