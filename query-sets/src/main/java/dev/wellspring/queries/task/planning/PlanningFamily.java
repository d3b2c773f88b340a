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
        Skin skin = Skin.of(world, skinName, skinName.seed(seed, problemSeed));
        List<Exercise> exercises = new Exercises(world, new SplittableRandom(problemSeed)).draw(task);
        Exercise asked = exercises.getLast();
        GeneratedQuery.Builder query =
                start(id(name(), task, index), name(), skin, asked, new PlanningText(skin).prompt(exercises));
        query.label("task", task.code());
        if (!asked.shown().isEmpty()) {
            query.label("shown", Step.line(asked.shown()));
        }
        asked.truth().forEach(query::coordinate);
        return query.build();
    }

    static String id(String family, PlanningTask task, long index) {
        return family + "-" + task.code() + "-" + index;
    }

    /// What everything random about one question follows from.
    static long problemSeed(long seed, PlanningTask task, int index) {
        return new SplittableRandom(seed ^ ((long) task.code().hashCode() << 32 | index) * 0x9E3779B97F4A7C15L)
                .nextLong();
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
            return query.answers(completion.strip()).targetSpan(Span.last("answer", completion, completion.strip()));
        }
        List<String> lines = asked.plan().stream().map(skin::say).toList();
        String answer = String.join("\n", lines);
        int at = completion.indexOf(answer);
        query.targetSpan(new Span("answer", at, at + answer.length()));
        for (int i = 0; i < lines.size(); i++) {
            int end = at + lines.get(i).length();
            query.targetSpan(new Span("step-" + (i + 1), at, end));
            at = end + 1;
        }
        if (asked.task() == PlanningTask.OPTIMAL) {
            query.coordinate("optimal_minutes", asked.problem().domain().minutes(asked.plan()));
        } else {
            query.coordinate("optimal_length", asked.plan().size());
        }
        return query.answers(answer).intermediateAnswers(lines);
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
                case LOGISTICS -> Logistics.of(1, 2, 1, 1);
            };
        }

        World world(Parameters parameters) {
            return switch (this) {
                case BLOCKSWORLD -> new Blocksworld(parameters.integer("blocks", 3, 5));
                case LOGISTICS -> Logistics.of(parameters);
            };
        }

        List<Parameter> sizes() {
            return switch (this) {
                case BLOCKSWORLD -> List.of(Parameter.of("blocks", 4, "blocks, 3 to 5"));
                case LOGISTICS -> Logistics.parameters();
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
