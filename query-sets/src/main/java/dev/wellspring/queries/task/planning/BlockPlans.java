package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Shortest plans between all states of some blocks with an empty hand. Of each path only its last step is held, so
/// 5 blocks, with 250,500 plans, take 2 MB.
final class BlockPlans {
    private final List<State> states;
    private final List<Step> steps;
    private final int[] numbers;
    private final int[][] arrivals;

    BlockPlans(Blocksworld world) {
        StateGraph graph = world.graph();
        states = world.states();
        steps = graph.steps();
        StateGraph.Paths order = graph.from(states.getFirst());
        numbers = states.stream().mapToInt(order::number).toArray();
        arrivals =
                states.stream().map(state -> graph.from(state).arrivals(order)).toArray(int[][]::new);
    }

    /// The states with an empty hand, in the order of [Blocksworld#states].
    List<State> states() {
        return states;
    }

    /// The plan that [StateGraph.Paths#plan] has from one state to another.
    List<Step> plan(int from, int to) {
        List<Step> plan = new ArrayList<>();
        for (int arrival = arrivals[from][numbers[to]];
                arrival >= 0;
                arrival = arrivals[from][arrival / steps.size()]) {
            plan.add(steps.get(arrival % steps.size()));
        }
        Collections.reverse(plan);
        return List.copyOf(plan);
    }
}
