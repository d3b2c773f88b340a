package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Fields;
import dev.wellspring.queries.synthesis.Digits;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.planning.Blocksworld;
import dev.wellspring.queries.task.planning.Logistics;
import dev.wellspring.queries.task.planning.PlanningText;
import dev.wellspring.queries.task.planning.Skin;
import dev.wellspring.queries.task.planning.SkinName;
import dev.wellspring.queries.task.planning.Step;
import dev.wellspring.queries.task.planning.World;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes items of rows: documents with their label columns, and queries. Coordinates may also stand in columns of their
/// own, as users have them.
public final class ItemReader {
    private static final List<String> COORDINATES =
            List.of("a", "b", "length", "digits", "base", "fact", "wording", "start", "goal", "blocks");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,9}");
    private static final Pattern SUM = Pattern.compile("(?m)^(\\d+)\\+(\\d+)=");
    private static final String PLAN = "[PLAN]\n";

    private final @Nullable GridTask grid;
    private final Map<String, Skin> skins = new HashMap<>();
    private final Map<Integer, BlockStates> worlds = new HashMap<>();
    private final Map<String, String> steps = new HashMap<>();

    /// @param grid what every item with coordinates `a` and `b` is a problem of; null if its own task says
    public ItemReader(@Nullable GridTask grid) {
        this.grid = grid;
    }

    /// The item that a row is.
    ///
    /// @throws CorpusException if it is neither a document nor a query
    public Item read(Fields row) {
        boolean document = row.isPresent("text") || row.isPresent("tokens");
        if (!document && !row.isPresent("completion") && !row.isPresent("completion_tokens")) {
            throw CorpusException.at(
                    row.origin(),
                    "a document with text or tokens, or a query with prompt and completion",
                    "neither",
                    "rename the fields that hold them");
        }
        String name = row.word(document ? "task" : "family");
        String task = name == null ? "own" : name;
        Map<String, Integer> coordinates = coordinates(row);
        Map<String, String> labels = labels(row);
        Item item = new Item(
                id(row), task, grid == null ? Item.grid(task, coordinates) : grid, coordinates, labels, List.of());
        List<String> written = written(row, item);
        return written.isEmpty()
                ? item
                : new Item(
                        item.id(),
                        task,
                        item.grid(),
                        coordinates,
                        labels,
                        written.stream().map(this::once).toList());
    }

    /// A row's own id, or else `file:line`.
    static String id(Fields row) {
        String id = row.name("id");
        return id == null ? row.origin() : id;
    }

    private static Map<String, Integer> coordinates(Fields row) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String name : COORDINATES) {
            put(numbers, name, row.word(name));
        }
        row.words("coordinates").forEach((name, value) -> put(numbers, name, value));
        return numbers;
    }

    private static void put(Map<String, Integer> numbers, String name, @Nullable String value) {
        if (value != null && WHOLE.matcher(value).matches()) {
            numbers.put(name, Integer.valueOf(value));
        }
    }

    private static Map<String, String> labels(Fields row) {
        Map<String, String> labels = new LinkedHashMap<>(row.words("labels"));
        for (String name : List.of("template", "skin")) {
            String value = row.word(name);
            if (value != null) {
                labels.put(name, value);
            }
        }
        return labels;
    }

    /// One text for all mentions of a step.
    private String once(String step) {
        return steps.computeIfAbsent(step, key -> key);
    }

    /// The steps that do not follow from `a` and `b`.
    private List<String> written(Fields row, Item item) {
        if (item.task().equals("length-ladder")) {
            return columns(row, item.grid() == null ? 10 : item.grid().base());
        }
        World world = world(item);
        return world == null ? List.of() : actions(row, item, world);
    }

    private static @Nullable World world(Item item) {
        return item.task().startsWith("blocksworld")
                ? new Blocksworld(2)
                : item.task().startsWith("logistics") ? Logistics.of(1, 2, 1, 1) : null;
    }

    /// The columns of the sum that is asked for, whose numbers are too long to be coordinates.
    private static List<String> columns(Fields row, int base) {
        String asked = row.word(row.isPresent("prompt") ? "prompt" : "text");
        Matcher sum = SUM.matcher(asked == null ? "" : asked);
        return sum.find()
                ? Digits.steps(Long.parseLong(sum.group(1), base), Long.parseLong(sum.group(2), base), base).stream()
                        .map(step -> Item.column(step, base))
                        .toList()
                : List.of();
    }

    /// The plan in the text or completion, or the steps that are asked about, whatever the skin. A closed world's plan
    /// follows from its start and goal where the words of the skin cannot be known.
    private List<String> actions(Fields row, Item item, World world) {
        String text = row.word(row.isPresent("completion") ? "completion" : "text");
        List<Step> plan = plan(text == null ? "" : text, skin(item, world));
        if (plan.isEmpty()) {
            plan = Step.parse(item.labels().getOrDefault("shown", ""));
        }
        if (plan.isEmpty() && item.task().equals("blocksworld-universe")) {
            plan = universal(item);
        }
        return plan.stream().map(Step::toString).toList();
    }

    private @Nullable Skin skin(Item item, World world) {
        SkinName name = Arrays.stream(SkinName.values())
                .filter(one -> one.text().equals(item.skin()))
                .findFirst()
                .orElse(null);
        Long seed = seed(item);
        return switch (name) {
            case null -> null;
            case PLAIN, MYSTERY -> skin(world, name, 0);
            case RANDOM_PER_CORPUS -> seed == null ? null : skin(world, name, seed);
            case RANDOM_PER_INSTANCE -> seed == null ? null : Skin.of(world, name, seed);
        };
    }

    /// What random words were drawn with; null if the row does not say.
    private static @Nullable Long seed(Item item) {
        try {
            return Long.valueOf(item.labels().getOrDefault("skin_seed", ""));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private Skin skin(World world, SkinName name, long seed) {
        return skins.computeIfAbsent(
                world.domain().name() + " " + name + " " + seed, key -> Skin.of(world, name, seed));
    }

    /// The steps of the last plan, up to its end.
    private static List<Step> plan(String text, @Nullable Skin skin) {
        int end = text.lastIndexOf(PlanningText.PLAN_END);
        if (skin == null || end < 0) {
            return List.of();
        }
        int start = text.lastIndexOf(PLAN, end);
        return skin.reader().steps(text.substring(start < 0 ? 0 : start + PLAN.length(), end));
    }

    private List<Step> universal(Item item) {
        int blocks = BlockStates.blocks(item);
        if (blocks == 0) {
            return List.of();
        }
        BlockStates states = worlds.computeIfAbsent(blocks, BlockStates::new);
        BlockStates.Pair pair = states.pair(item);
        return pair == null ? List.of() : states.plan(pair);
    }
}
