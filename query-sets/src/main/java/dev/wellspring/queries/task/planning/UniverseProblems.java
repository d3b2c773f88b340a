package dev.wellspring.queries.task.planning;

import java.util.LinkedHashMap;
import java.util.Map;

/// Every problem of a closed world of blocks.
final class UniverseProblems implements PlanProblems {
    private final Blocksworld world;
    private final BlockPlans plans;
    private final SkinName skinName;
    private final long seed;
    private final Skin common;

    UniverseProblems(Blocksworld world, SkinName skinName, long seed) {
        this.world = world;
        plans = new BlockPlans(world);
        this.skinName = skinName;
        this.seed = seed;
        common = Skin.of(world, skinName, skinName.seed(seed, 0));
    }

    @Override
    public String family() {
        return BlocksworldUniverse.NAME;
    }

    @Override
    public int count() {
        return plans.states().size() * (plans.states().size() - 1);
    }

    @Override
    public PlanProblem at(int number) {
        int others = plans.states().size() - 1;
        int from = number / others;
        int to = number % others < from ? number % others : number % others + 1;
        Problem problem = new Problem(
                world.domain(),
                world.objects(),
                plans.states().get(from),
                plans.states().get(to).of(world.domain().goalPredicates()));
        Map<String, Integer> coordinates = new LinkedHashMap<>();
        coordinates.put("start", from);
        coordinates.put("goal", to);
        coordinates.put("blocks", world.blocks());
        return new PlanProblem(
                BlocksworldUniverse.NAME + "-" + from + "-" + to,
                family(),
                coordinates,
                new World.Solved(problem, plans.plan(from, to)),
                skin(number));
    }

    @Override
    public Skin skin(int number) {
        return skinName == SkinName.RANDOM_PER_INSTANCE
                ? Skin.of(world, skinName, skinName.seed(seed, number))
                : common;
    }
}
