package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Draws the exercises of one question: the one that is asked, then the worked examples, which stand before it.
final class Exercises {
    private static final int MIN_ROUNDS = 2;
    private static final int MAX_TRIES = 100;

    private final World world;
    private final SplittableRandom random;

    Exercises(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /// The examples, then the exercise that is asked.
    List<Exercise> draw(PlanningTask task) {
        return switch (task) {
            case GENERATION -> {
                Exercise asked = Exercise.plan(task, problem());
                yield List.of(Exercise.plan(task, solved(1)), asked);
            }
            case OPTIMAL -> {
                Exercise asked = Exercise.plan(task, quickest());
                yield List.of(Exercise.plan(task, quickest()), asked);
            }
            case VERIFICATION -> verification();
            case REUSE -> reuse();
            case GENERALISATION -> generalisation();
            case REPLANNING -> {
                Exercise asked = replanning();
                yield List.of(replanning(), asked);
            }
            case EXECUTION -> {
                Exercise asked = execution();
                yield List.of(execution(), asked);
            }
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

    /// The problem that [PlanningTask#GENERATION] asks.
    World.Solved problem() {
        return solved(1);
    }

    private World.Solved solved(int minSteps) {
        while (true) {
            World.Solved solved = World.Solved.of(world.draw(random));
            if (solved.plan().size() >= minSteps) {
                return solved;
            }
        }
    }

    private World.Solved quickest() {
        Problem problem = world.draw(random);
        return new World.Solved(problem, problem.quickestPlan());
    }

    /// The same plan for all that it makes true, of which the goal was a part; it is no less a shortest one.
    private static World.Solved full(World.Solved partial) {
        return new World.Solved(
                partial.problem().to(partial.problem().after(partial.plan()).facts()), partial.plan());
    }

    private List<Exercise> verification() {
        Exercise asked = flawed(Flaw.any(random));
        List<Exercise> exercises = new ArrayList<>();
        for (Flaw flaw : World.shuffled(List.of(Flaw.values()), random)) {
            exercises.add(flawed(flaw));
        }
        exercises.add(asked);
        return exercises;
    }

    private Exercise flawed(Flaw flaw) {
        return flaw.in(solved(2), random);
    }

    /// The answer is how the example's plan begins: its problem is to get to where that leads.
    private List<Exercise> reuse() {
        World.Solved example = solved(2);
        return List.of(
                Exercise.plan(PlanningTask.REUSE, example),
                Exercise.plan(
                        PlanningTask.REUSE,
                        full(new World.Solved(example.problem(), example.plan().subList(0, beginning(example))))));
    }

    /// How many steps, but not all.
    private int beginning(World.Solved solved) {
        return 1 + random.nextInt(solved.plan().size() - 1);
    }

    /// The example takes fewer rounds of the loop than the question.
    private List<Exercise> generalisation() {
        int fewer = MIN_ROUNDS + random.nextInt(world.maxRounds() - MIN_ROUNDS);
        int more = fewer + 1 + random.nextInt(world.maxRounds() - fewer);
        return IntStream.of(fewer, more)
                .mapToObj(rounds -> Exercise.plan(PlanningTask.GENERALISATION, world.loop(rounds, random)))
                .toList();
    }

    /// Some time when something is carried, it gets elsewhere, so that the goal is still to be reached.
    private Exercise replanning() {
        while (true) {
            World.Solved solved = solved(2);
            Problem problem = solved.problem();
            int done = beginning(solved);
            State reached = problem.after(solved.plan().subList(0, done));
            if (!world.carries(reached)) {
                continue;
            }
            Problem rest = problem.from(world.surprise(problem, reached, random));
            if (!rest.start().holdsAll(rest.goal())) {
                return new Exercise(
                        PlanningTask.REPLANNING, problem.start(), solved.plan(), done, rest, rest.shortestPlan());
            }
        }
    }

    private Exercise execution() {
        World.Solved solved = solved(2);
        return Exercise.shown(
                PlanningTask.EXECUTION, solved.problem(), solved.plan().subList(0, beginning(solved)));
    }

    /// The same problem with its goals in another order; in the same one, as in PlanBench, where there is one goal
    /// and a world so small that no problem has two.
    private List<Exercise> shuffledGoals() {
        World.Solved example = solved(1);
        for (int tries = 0; example.problem().goal().size() < 2 && tries < MAX_TRIES; tries++) {
            example = solved(1);
        }
        List<Fact> goal = example.problem().goal();
        List<Fact> other = World.shuffled(goal, random);
        while (other.equals(goal) && goal.size() > 1) {
            other = World.shuffled(goal, random);
        }
        return List.of(
                Exercise.plan(PlanningTask.SHUFFLED_GOALS, example),
                Exercise.plan(
                        PlanningTask.SHUFFLED_GOALS,
                        new World.Solved(example.problem().to(other), example.plan())));
    }
}
