package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Questions of the ten tasks about random problems of one domain, in one skin. The same seed gives the same
/// problems in every skin.
public final class PlanningFamily implements QueryFamily {
    private static final int COUNT = 20;

    private final Setting setting;

    private PlanningFamily(Setting setting) {
        this.setting = setting;
    }

    /// Stacks of blocks.
    public static QueryFamily blocksworld() {
        return new PlanningFamily(Setting.BLOCKSWORLD);
    }

    /// Packages in trucks and airplanes.
    public static QueryFamily logistics() {
        return new PlanningFamily(Setting.LOGISTICS);
    }

    @Override
    public String name() {
        return setting.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        List<Parameter> parameters = new ArrayList<>(List.of(
                Parameter.choice(
                        "task",
                        "what is asked: one of the paper's tasks, or all",
                        Stream.concat(
                                        Stream.of("all"),
                                        Arrays.stream(PlanningTask.values()).map(PlanningTask::code))
                                .toArray(String[]::new)),
                skinParameter(),
                Parameter.of("count", COUNT, "questions of each task")));
        parameters.addAll(setting.sizes());
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (PlanningTask task : PlanningTask.values()) {
            counts.put(task.code(), COUNT);
        }
        return new FamilyDescription(setting.purpose(), "Valmeekam et al., 2206.10498, section 4", parameters, counts);
    }

    static Parameter skinParameter() {
        return Parameter.choice(
                "skin",
                "the words",
                Arrays.stream(SkinName.values()).map(SkinName::text).toArray(String[]::new));
    }

    /// Task by task, in the paper's order.
    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        World world = setting.world(parameters);
        SkinName skin = SkinName.of(parameters.text("skin"));
        int count = parameters.integer("count", 1, 1_000_000);
        String chosen = parameters.text("task");
        return Arrays.stream(PlanningTask.values())
                .filter(task -> chosen.equals("all") || chosen.equals(task.code()))
                .flatMap(task -> IntStream.range(0, count).mapToObj(index -> query(world, skin, task, seed, index)));
    }

    private GeneratedQuery query(World world, SkinName skinName, PlanningTask task, long seed, int index) {
        long problemSeed = problemSeed(seed, task, index);
        long skinSeed = switch (skinName) {
            case PLAIN, MYSTERY -> 0;
            case RANDOM_PER_CORPUS -> seed;
            case RANDOM_PER_INSTANCE -> problemSeed;
        };
        List<Exercise> exercises = new Exercises(world, new SplittableRandom(problemSeed)).draw(task);
        String id = name() + "-" + task.code() + "-" + index;
        return query(id, name(), Skin.of(world, skinName, skinSeed), exercises);
    }

    private static long problemSeed(long seed, PlanningTask task, int index) {
        return new SplittableRandom(seed ^ ((long) task.code().hashCode() << 32 | index) * 0x9E3779B97F4A7C15L)
                .nextLong();
    }

    private static GeneratedQuery query(String id, String family, Skin skin, List<Exercise> exercises) {
        Exercise asked = exercises.getLast();
        PlanningText text = new PlanningText(skin);
        GeneratedQuery.Builder query = start(id, family, skin, asked, text.prompt(exercises));
        query.label("task", asked.task().code());
        if (!asked.shown().isEmpty()) {
            query.label("shown", Step.line(asked.shown()));
        }
        return query.build();
    }

    /// What queries of random problems and of the closed universe share.
    static GeneratedQuery.Builder start(String id, String family, Skin skin, Exercise asked, String prompt) {
        String completion = new PlanningText(skin).answer(asked);
        GeneratedQuery.Builder query = GeneratedQuery.of(id, QueryKind.REASONING, family)
                .prompt(prompt)
                .completion(completion)
                .skin(skin.name())
                .format("direct")
                .label("start", asked.problem().start().toString())
                .label("goal", Fact.line(asked.problem().goal()))
                .label("skin_seed", String.valueOf(skin.seed()));
        if (asked.plan().isEmpty()) {
            return query.answers(completion).targetSpan(new Span("answer", 0, completion.length()));
        }
        List<String> lines = asked.plan().stream().map(skin::say).toList();
        int at = 0;
        for (int i = 0; i < lines.size(); i++) {
            int end = at + lines.get(i).length();
            query.targetSpan(new Span("step " + (i + 1), at, end));
            at = end + 1;
        }
        return query.answers(String.join("\n", lines))
                .intermediateAnswers(lines)
                .coordinate("optimal_length", asked.plan().size());
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return new PlanningGrader(setting.smallest(), query).grade(answer);
    }

    private enum Setting {
        BLOCKSWORLD,
        LOGISTICS;

        World smallest() {
            return switch (this) {
                case BLOCKSWORLD -> new Blocksworld(2);
                case LOGISTICS -> new Logistics(1, 2, 1);
            };
        }

        World world(Parameters parameters) {
            return switch (this) {
                case BLOCKSWORLD -> new Blocksworld(parameters.integer("blocks", 3, 5));
                case LOGISTICS ->
                    new Logistics(
                            parameters.integer("cities", 1, 3),
                            parameters.integer("locations", 2, 3),
                            parameters.integer("packages", 1, 3));
            };
        }

        List<Parameter> sizes() {
            return switch (this) {
                case BLOCKSWORLD -> List.of(Parameter.of("blocks", 4, "blocks, 3 to 5"));
                case LOGISTICS ->
                    List.of(
                            Parameter.of("cities", 2, "cities, 1 to 3"),
                            Parameter.of("locations", 2, "locations in each city, 2 or 3"),
                            Parameter.of("packages", 2, "packages, 1 to 3"));
            };
        }

        String purpose() {
            return switch (this) {
                case BLOCKSWORLD -> "Plans for stacking blocks: does a renaming of everything change what is drawn on?";
                case LOGISTICS -> "Plans for moving packages between cities, with the same tasks and skins.";
            };
        }
    }
}
