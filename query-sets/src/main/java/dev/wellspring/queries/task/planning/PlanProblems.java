package dev.wellspring.queries.task.planning;

/// Problems by number, each with a shortest plan, made when asked for. For any number of threads.
public sealed interface PlanProblems permits UniverseProblems, DeliveryProblems {
    /// The family of queries that ask for their plans.
    String family();

    /// How many there are.
    int count();

    /// Whether there are as many as there are numbers.
    default boolean isEndless() {
        return count() == Integer.MAX_VALUE;
    }

    /// The problem of a number from 0, the same whenever it is asked for.
    PlanProblem at(int number);

    /// The words that a problem is told in.
    Skin skin(int number);

    /// From each state of some blocks to each other one, by start, then by goal: the problems of
    /// [BlocksworldUniverse].
    static PlanProblems universe(Blocksworld world, SkinName skin, long seed) {
        return new UniverseProblems(world, skin, seed);
    }

    /// The problems that the queries of task `t1` of [PlanningFamily#logistics] ask.
    static PlanProblems deliveries(Logistics world, SkinName skin, long seed) {
        return new DeliveryProblems(world, skin, seed);
    }
}
