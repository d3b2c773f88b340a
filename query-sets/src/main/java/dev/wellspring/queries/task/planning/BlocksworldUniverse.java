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
    static final String NAME = "blocksworld-universe";
    private static final int BLOCKS = 4;
    private static final int PROBLEMS = 5256;

    @Override
    public String name() {
        return NAME;
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
        boolean described = parameters.flag("description");
        PlanProblems problems = PlanProblems.universe(world, SkinName.of(parameters.text("skin")), seed);
        Orbits orbits = new Orbits(world.objects());
        return IntStream.range(0, problems.count()).mapToObj(number -> query(problems.at(number), described, orbits));
    }

    private static GeneratedQuery query(PlanProblem problem, boolean described, Orbits orbits) {
        Exercise exercise = Exercise.plan(PlanningTask.GENERATION, problem.solved());
        Skin skin = problem.skin();
        String question = new PlanningText(skin).question(exercise);
        String prompt = described ? skin.description(false) + "\n" + question : question;
        GeneratedQuery.Builder query = PlanningFamily.start(problem.query(), problem.family(), skin, exercise, prompt)
                .label("task", PlanningTask.GENERATION.code())
                .label("orbit", orbits.of(problem.solved().problem()));
        problem.coordinates().forEach(query::coordinate);
        return query.build();
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
        BlockPlans plans = new BlockPlans(world);
        int count = plans.states().size();
        int[][] distances = new int[count][count];
        for (int from = 0; from < count; from++) {
            for (int to = 0; to < count; to++) {
                distances[from][to] = plans.plan(from, to).size();
            }
        }
        return distances;
    }
}
