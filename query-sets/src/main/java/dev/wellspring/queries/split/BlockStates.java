package dev.wellspring.queries.split;

import dev.wellspring.queries.task.planning.Blocksworld;
import dev.wellspring.queries.task.planning.BlocksworldUniverse;
import dev.wellspring.queries.task.planning.Fact;
import dev.wellspring.queries.task.planning.State;
import dev.wellspring.queries.task.planning.StateGraph;
import dev.wellspring.queries.task.planning.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The states of a closed world of blocks by number, and where in it an item starts and ends.
final class BlockStates {
    private static final int MAX_BLOCKS = 5;
    private static final Set<String> STACKED = Set.of("on");

    private final Blocksworld world;
    private final List<State> states;
    private final Map<List<Fact>, Integer> numbers = new HashMap<>();
    private final StateGraph graph;
    private final Map<Integer, StateGraph.Paths> paths = new HashMap<>();

    BlockStates(int blocks) {
        world = new Blocksworld(blocks);
        states = world.states();
        graph = world.graph();
        for (int i = 0; i < states.size(); i++) {
            numbers.put(states.get(i).of(STACKED), i);
        }
    }

    /// A problem by the numbers of two states.
    record Pair(int start, int goal) {}

    /// How many blocks the world of an item has; 0 if it is no such problem, or its world is too large to be closed.
    static int blocks(Item item) {
        if (!item.task().startsWith("blocksworld")) {
            return 0;
        }
        String start = item.labels().get("start");
        boolean numbered = Need.PAIR.isMet().test(item);
        int blocks = start == null
                ? numbered ? item.coordinates().getOrDefault("blocks", 4) : 0
                : (int) Fact.parse(start).stream()
                        .flatMap(fact -> fact.arguments().stream())
                        .distinct()
                        .count();
        return blocks < 2 || blocks > MAX_BLOCKS ? 0 : blocks;
    }

    int size() {
        return states.size();
    }

    /// (states, states): actions from each state to each other one.
    int[][] distances() {
        return BlocksworldUniverse.distances(world);
    }

    /// (renamings, states): the number that each state has when the blocks are renamed.
    int[][] renamings() {
        return world.renamings();
    }

    /// Where an item starts and ends: by its coordinates, else as its labels tell. A goal stands for the state in which
    /// nothing is stacked but what it asks for. Null if the item does not say, or starts with a block in the hand.
    @Nullable
    Pair pair(Item item) {
        int start = number(item, "start");
        int goal = number(item, "goal");
        boolean known = Math.min(start, goal) >= 0 && Math.max(start, goal) < states.size();
        return known ? new Pair(start, goal) : null;
    }

    /// The number of the state at one end; −1 if there is none.
    private int number(Item item, String end) {
        String facts = item.labels().get(end);
        Integer number = item.coordinates().get(end);
        if (number != null || facts == null) {
            return number == null ? -1 : number;
        }
        State state = State.parse(facts);
        boolean held = state.facts().stream().anyMatch(fact -> fact.predicate().equals("holding"));
        return held ? -1 : numbers.getOrDefault(state.of(STACKED), -1);
    }

    /// The plan that [BlocksworldUniverse] gives for a problem.
    List<Step> plan(Pair pair) {
        return paths.computeIfAbsent(pair.start, start -> graph.from(states.get(start)))
                .plan(states.get(pair.goal));
    }
}
