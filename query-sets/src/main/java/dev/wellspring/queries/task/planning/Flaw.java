package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What can be wrong with a plan that is to be verified.
public enum Flaw {
    /// Nothing.
    NONE,
    /// Its end is left out, so that the goal is not reached.
    UNMET_GOAL,
    /// A step is left out, so that some step cannot be done. As in PlanBench the rest is shuffled, but only for every
    /// other plan: a shuffled one nearly always fails at once.
    NOT_EXECUTABLE;

    /// One of them, each as likely as any other.
    public static Flaw any(SplittableRandom random) {
        return List.of(values()).get(random.nextInt(values().length));
    }

    /// The exercise of verifying a plan with this flaw.
    ///
    /// @param solved with a shortest plan of two steps or more
    public Exercise in(World.Solved solved, SplittableRandom random) {
        List<Step> plan = solved.plan();
        if (plan.size() < 2) {
            throw new IllegalArgumentException("plan: expected two steps or more, got " + plan.size());
        }
        List<Step> steps = switch (this) {
            case NONE -> plan;
            case UNMET_GOAL -> plan.subList(0, 1 + random.nextInt(plan.size() - 1));
            case NOT_EXECUTABLE -> broken(solved, random);
        };
        return Exercise.shown(PlanningTask.VERIFICATION, solved.problem(), steps);
    }

    private static List<Step> broken(World.Solved solved, SplittableRandom random) {
        List<Integer> order =
                World.shuffled(IntStream.range(0, solved.plan().size()).boxed().toList(), random);
        List<List<Step>> shorter = order.stream()
                .map(left -> {
                    List<Step> steps = new ArrayList<>(solved.plan());
                    steps.remove((int) left);
                    return List.copyOf(steps);
                })
                .toList();
        Stream<List<Step>> shuffled =
                random.nextBoolean() ? shorter.stream().map(steps -> World.shuffled(steps, random)) : Stream.of();
        return Stream.concat(shuffled, shorter.stream())
                .filter(steps -> !PlanVerdict.of(solved.problem(), steps).executable())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("plan: expected a step that another needs, got " + solved.plan()));
    }
}
