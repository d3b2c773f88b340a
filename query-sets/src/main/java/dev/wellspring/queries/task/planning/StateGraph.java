package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.planning.StateBits.Bits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// The states of a world with an edge for every action, walked breadth first.
public final class StateGraph {
    private static final int MAX_STATES = 2_000_000;

    private final Set<String> changing;
    private final List<Action> actions;
    private final StateBits bits;
    private final List<Mask> masks;

    /// What never changes is left out of states and preconditions while walking: it holds everywhere.
    private StateGraph(Set<String> changing, List<Action> actions, State start) {
        this.changing = changing;
        this.actions = actions.stream()
                .map(action -> new Action(
                        action.step(), changing(action.preconditions()), action.additions(), action.deletions()))
                .toList();
        bits = new StateBits(this.actions, new State(start.of(changing)));
        masks = this.actions.stream().map(this::mask).toList();
    }

    private Mask mask(Action action) {
        return new Mask(
                bits.of(action.preconditions()).orElseThrow(),
                bits.of(action.additions()).orElseThrow(),
                bits.of(action.deletions()).orElseThrow());
    }

    /// The graph that the problem's start lies in.
    public static StateGraph of(Problem problem) {
        return new StateGraph(
                problem.domain().changing(),
                problem.domain().actions(problem.objects(), problem.start()),
                problem.start());
    }

    /// What can be done in a state, in the domain's order.
    public List<Action> applicable(State state) {
        return actions.stream().filter(action -> action.applicable(state)).toList();
    }

    /// The step of every action, in the domain's order.
    List<Step> steps() {
        return actions.stream().map(Action::step).toList();
    }

    /// Shortest paths from a state to every state it reaches.
    public Paths from(State start) {
        return walk(start, Optional.empty());
    }

    /// Shortest paths from a state, as far as the nearest state in which the goal holds.
    ///
    /// @param goal judged by the facts that can change
    /// @throws IllegalArgumentException if it is not found within two million states
    public Paths from(State start, List<Fact> goal) {
        return walk(start, bits.of(changing(goal)));
    }

    private List<Fact> changing(List<Fact> facts) {
        return facts.stream()
                .filter(fact -> changing.contains(fact.predicate()))
                .toList();
    }

    private Paths walk(State start, Optional<Bits> goal) {
        Bits first = bits.of(start.of(changing))
                .orElseThrow(() -> new IllegalArgumentException("state " + start + ": expected a state of this graph"));
        Paths paths = new Paths(bits, changing, actions);
        paths.add(first, -1, -1);
        boolean found = goal.isPresent() && first.holdsAll(goal.get());
        for (int at = 0; !found && at < paths.reached.size(); at++) {
            Bits state = paths.reached.get(at);
            for (int action = 0; action < masks.size() && !found; action++) {
                Mask mask = masks.get(action);
                if (state.holdsAll(mask.preconditions)) {
                    Bits next = state.change(mask.deletions, mask.additions);
                    found = paths.add(next, at, action) && goal.isPresent() && next.holdsAll(goal.get());
                }
            }
            if (paths.reached.size() > MAX_STATES) {
                throw new IllegalArgumentException("state " + start + ": expected to be done within " + MAX_STATES
                        + " states; choose a smaller world");
            }
        }
        return paths;
    }

    private record Mask(Bits preconditions, Bits additions, Bits deletions) {}

    /// The shortest paths from one state.
    public static final class Paths {
        private final StateBits bits;
        private final Set<String> changing;
        private final List<Action> actions;
        private final List<Bits> reached = new ArrayList<>();
        private final Map<Bits, Integer> numbers = new HashMap<>();
        private final List<Arrival> arrivals = new ArrayList<>();

        private Paths(StateBits bits, Set<String> changing, List<Action> actions) {
            this.bits = bits;
            this.changing = changing;
            this.actions = actions;
        }

        private boolean add(Bits state, int previous, int action) {
            if (numbers.putIfAbsent(state, reached.size()) != null) {
                return false;
            }
            reached.add(state);
            arrivals.add(new Arrival(previous, action, previous < 0 ? 0 : arrivals.get(previous).distance + 1));
            return true;
        }

        /// The states reached, nearest first, without the facts that never change.
        public List<State> states() {
            return reached.stream().map(bits::state).toList();
        }

        /// The number of actions to a state.
        ///
        /// @throws IllegalArgumentException if it was not reached
        public int distance(State state) {
            return arrivals.get(number(state)).distance;
        }

        /// A shortest plan to a state.
        ///
        /// @throws IllegalArgumentException if it was not reached
        public List<Step> plan(State state) {
            return plan(number(state));
        }

        /// A shortest plan to the nearest state in which a goal holds, judged by the facts that can change, if one
        /// was reached.
        public Optional<List<Step>> planTo(List<Fact> goal) {
            List<Fact> wanted = goal.stream()
                    .filter(fact -> changing.contains(fact.predicate()))
                    .toList();
            return bits.of(wanted)
                    .flatMap(held -> IntStream.range(0, reached.size())
                            .filter(number -> reached.get(number).holdsAll(held))
                            .boxed()
                            .findFirst())
                    .map(this::plan);
        }

        /// These paths as numbers, by the order in which another walk of the graph reached the states: the state
        /// before, times the number of actions, plus the action that leads on from it; −1 at the start.
        int[] arrivals(Paths order) {
            int[] packed = new int[order.reached.size()];
            for (int number = 0; number < packed.length; number++) {
                Arrival arrival = arrivals.get(number(order.reached.get(number)));
                packed[number] = arrival.previous < 0
                        ? -1
                        : order.number(reached.get(arrival.previous)) * actions.size() + arrival.action;
            }
            return packed;
        }

        int number(State state) {
            return bits.of(state.of(changing))
                    .map(this::number)
                    .orElseThrow(
                            () -> new IllegalArgumentException("state " + state + ": expected a state of this graph"));
        }

        private List<Step> plan(int number) {
            List<Step> steps = new ArrayList<>();
            for (Arrival arrival = arrivals.get(number);
                    arrival.previous >= 0;
                    arrival = arrivals.get(arrival.previous)) {
                steps.add(actions.get(arrival.action).step());
            }
            Collections.reverse(steps);
            return List.copyOf(steps);
        }

        private int number(Bits state) {
            Integer number = numbers.get(state);
            if (number == null) {
                throw new IllegalArgumentException(
                        "state " + bits.state(state) + ": expected a state that was reached");
            }
            return number;
        }

        /// How a state was reached: from which, by which action, after how many.
        private record Arrival(int previous, int action, int distance) {}
    }
}
