package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Draws the exercises of one question: the worked examples, then the one that is asked.
final class Exercises {
    private static final int MIN_REUSED = 4;

    private final World world;
    private final SplittableRandom random;

    Exercises(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    List<Exercise> draw(PlanningTask task) {
        return switch (task) {
            case GENERATION, OPTIMAL -> List.of(Exercise.plan(task, solved(1)), Exercise.plan(task, solved(1)));
            case VERIFICATION -> verification();
            case REUSE -> reuse();
            case GENERALISATION -> generalisation();
            case REPLANNING -> List.of(replanning(), replanning());
            case EXECUTION -> List.of(execution(), execution());
            case SHUFFLED_GOALS -> shuffledGoals();
            case FEWER_GOALS -> {
                World.Solved partial = solved(1);
                yield List.of(Exercise.plan(task, full(partial)), Exercise.plan(task, partial));
            }
            case MORE_GOALS -> {
                World.Solved partial = solved(1);
                yield List.of(Exercise.plan(task, partial), Exercise.plan(task, full(partial)));
            }
        };
    }

    private World.Solved solved(int minSteps) {
        while (true) {
            World.Solved solved = World.Solved.of(world.draw(random));
            if (solved.plan().size() >= minSteps) {
                return solved;
            }
        }
    }

    /// The same plan for all that it makes true, of which the goal was a part; it is no less a shortest one.
    private World.Solved full(World.Solved partial) {
        return new World.Solved(partial.problem().to(goals(partial.problem().after(partial.plan()))), partial.plan());
    }

    private List<Fact> goals(State state) {
        return state.of(world.domain().goalPredicates());
    }

    private List<Exercise> verification() {
        List<Exercise> exercises =
                new ArrayList<>(List.of(verified(Flaw.NONE), verified(Flaw.UNMET_GOAL), verified(Flaw.NOT_EXECUTABLE)));
        exercises.add(verified(Flaw.values()[random.nextInt(Flaw.values().length)]));
        return exercises;
    }

    private Exercise verified(Flaw flaw) {
        while (true) {
            World.Solved solved = solved(2);
            Optional<List<Step>> steps = switch (flaw) {
                case NONE -> Optional.of(solved.plan());
                case UNMET_GOAL -> Optional.of(beginning(solved));
                case NOT_EXECUTABLE -> broken(solved);
            };
            if (steps.isPresent()) {
                return Exercise.shown(PlanningTask.VERIFICATION, solved.problem(), steps.get());
            }
        }
    }

    /// The plan without its end: as the plan is a shortest one, the goal is not reached.
    private List<Step> beginning(World.Solved solved) {
        return solved.plan().subList(0, 1 + random.nextInt(solved.plan().size() - 1));
    }

    /// The plan without one step, so that a later one cannot be done.
    private Optional<List<Step>> broken(World.Solved solved) {
        List<Integer> order =
                World.shuffled(IntStream.range(0, solved.plan().size()).boxed().toList(), random);
        return order.stream()
                .map(left -> {
                    List<Step> steps = new ArrayList<>(solved.plan());
                    steps.remove((int) left);
                    return steps;
                })
                .filter(steps -> !PlanVerdict.of(solved.problem(), steps).executable())
                .findFirst();
    }

    private List<Exercise> reuse() {
        while (true) {
            World.Solved example = solved(MIN_REUSED);
            List<Step> prefix = example.plan()
                    .subList(0, 2 * (1 + random.nextInt((example.plan().size() - 1) / 2)));
            List<Fact> goal = goals(example.problem().after(prefix));
            if (prefix.size() < example.plan().size()) {
                return List.of(
                        Exercise.plan(PlanningTask.REUSE, example),
                        Exercise.plan(
                                PlanningTask.REUSE,
                                new World.Solved(example.problem().to(goal), prefix)));
            }
        }
    }

    private List<Exercise> generalisation() {
        int rounds = 4 + random.nextInt(world.maxRounds() - 3);
        return IntStream.of(2, 3, rounds)
                .mapToObj(count -> Exercise.plan(PlanningTask.GENERALISATION, world.loop(count, random)))
                .toList();
    }

    private Exercise replanning() {
        while (true) {
            World.Solved solved = solved(MIN_REUSED);
            Problem problem = solved.problem();
            List<Step> done = solved.plan()
                    .subList(0, 2 * (1 + random.nextInt((solved.plan().size() - 1) / 2)));
            State planned = problem.after(done);
            State surprise = wander(problem, planned, 2);
            if (!surprise.equals(planned) && !surprise.holdsAll(problem.goal())) {
                Problem rest = problem.from(surprise);
                return new Exercise(PlanningTask.REPLANNING, problem.start(), done, rest, rest.shortestPlan());
            }
        }
    }

    private State wander(Problem problem, State from, int steps) {
        StateGraph graph = StateGraph.of(problem);
        State state = from;
        for (int i = 0; i < steps; i++) {
            List<Action> choices = graph.applicable(state);
            state = choices.get(random.nextInt(choices.size())).apply(state);
        }
        return state;
    }

    private Exercise execution() {
        World.Solved solved = solved(2);
        int length = 1 + random.nextInt(solved.plan().size());
        return Exercise.shown(
                PlanningTask.EXECUTION, solved.problem(), solved.plan().subList(0, length));
    }

    private List<Exercise> shuffledGoals() {
        while (true) {
            World.Solved example = full(solved(1));
            List<Fact> goal = example.problem().goal();
            List<Fact> other = World.shuffled(goal, random);
            if (!other.equals(goal)) {
                return List.of(
                        Exercise.plan(PlanningTask.SHUFFLED_GOALS, example),
                        Exercise.plan(
                                PlanningTask.SHUFFLED_GOALS,
                                new World.Solved(example.problem().to(other), example.plan())));
            }
        }
    }

    private enum Flaw {
        NONE,
        UNMET_GOAL,
        NOT_EXECUTABLE
    }
}
