package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Every problem there is with a number of blocks: from each state to each other one. With 4 blocks these are
/// 5,256, and no plan needs more than 12 actions.
public final class BlocksworldUniverse implements QueryFamily {
    private static final int BLOCKS = 4;
    private static final int PROBLEMS = 5256;

    @Override
    public String name() {
        return "blocksworld-universe";
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "All problems of a closed world of blocks, so that what was seen in training is known for each.",
                "Valmeekam et al., 2206.10498; all pairs of states",
                List.of(
                        Parameter.of("blocks", BLOCKS, "blocks, 3 to 5"),
                        PlanningFamily.skinParameter(),
                        Parameter.choice("description", "whether the prompt begins with the domain", "false", "true")),
                Map.of("t1", PROBLEMS));
    }

    /// By start, then by goal, in the order of [Blocksworld#states]; the seed matters to random words alone.
    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        Blocksworld world = new Blocksworld(parameters.integer("blocks", 3, 5));
        SkinName skin = SkinName.of(parameters.text("skin"));
        boolean described = parameters.flag("description");
        List<State> states = world.states();
        StateGraph graph = world.graph();
        Skin common = Skin.of(world, skin, seed);
        return IntStream.range(0, states.size()).boxed().flatMap(from -> {
            StateGraph.Paths paths = graph.from(states.get(from));
            return IntStream.range(0, states.size()).filter(to -> to != from).mapToObj(to -> {
                Skin words = skin == SkinName.RANDOM_PER_INSTANCE
                        ? Skin.of(world, skin, seed + (long) from * states.size() + to)
                        : common;
                return query(world, words, described, paths, states, from, to);
            });
        });
    }

    private GeneratedQuery query(
            Blocksworld world,
            Skin skin,
            boolean described,
            StateGraph.Paths paths,
            List<State> states,
            int from,
            int to) {
        State goal = states.get(to);
        Problem problem = new Problem(
                world.domain(),
                world.objects(),
                states.get(from),
                goal.of(world.domain().goalPredicates()));
        Exercise exercise = Exercise.plan(PlanningTask.GENERATION, new World.Solved(problem, paths.plan(goal)));
        String question = new PlanningText(skin).question(exercise);
        String prompt = described ? skin.description(false) + "\n" + question : question;
        return PlanningFamily.start(name() + "-" + from + "-" + to, name(), skin, exercise, prompt)
                .label("task", PlanningTask.GENERATION.code())
                .label("orbit", Blocksworld.orbit(problem))
                .coordinate("start", from)
                .coordinate("goal", to)
                .coordinate("blocks", world.blocks())
                .build();
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return new PlanningGrader(new Blocksworld(2), query).grade(answer);
    }

    /// Actions from each state to each other one. Two problems are as far apart as their starts and their goals
    /// together.
    ///
    /// @return (states, states), by the coordinates `start` and `goal`
    public static int[][] distances(Blocksworld world) {
        List<State> states = world.states();
        StateGraph graph = world.graph();
        int[][] distances = new int[states.size()][states.size()];
        for (int from = 0; from < states.size(); from++) {
            StateGraph.Paths paths = graph.from(states.get(from));
            for (int to = 0; to < states.size(); to++) {
                distances[from][to] = paths.distance(states.get(to));
            }
        }
        return distances;
    }
}
