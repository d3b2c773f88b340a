package dev.wellspring.queries.task.planning;

import java.util.Map;
import java.util.SplittableRandom;

/// Random problems of Logistics, as many as there are numbers.
final class DeliveryProblems implements PlanProblems {
    private static final String FAMILY = PlanningFamily.logistics().name();

    private final Logistics world;
    private final SkinName skinName;
    private final long seed;
    private final Skin common;

    DeliveryProblems(Logistics world, SkinName skinName, long seed) {
        this.world = world;
        this.skinName = skinName;
        this.seed = seed;
        common = Skin.of(world, skinName, skinName.seed(seed, 0));
    }

    @Override
    public String family() {
        return FAMILY;
    }

    @Override
    public int count() {
        return Integer.MAX_VALUE;
    }

    @Override
    public PlanProblem at(int number) {
        SplittableRandom random = new SplittableRandom(problemSeed(number));
        return new PlanProblem(
                PlanningFamily.id(FAMILY, PlanningTask.GENERATION, number),
                family(),
                Map.of("problem", number),
                new Exercises(world, random).problem(),
                skin(number));
    }

    @Override
    public Skin skin(int number) {
        return skinName == SkinName.RANDOM_PER_INSTANCE
                ? Skin.of(world, skinName, skinName.seed(seed, problemSeed(number)))
                : common;
    }

    private long problemSeed(int number) {
        return PlanningFamily.problemSeed(seed, PlanningTask.GENERATION, number);
    }
}
