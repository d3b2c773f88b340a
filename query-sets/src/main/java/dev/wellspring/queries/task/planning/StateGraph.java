package dev.wellspring.queries.task.planning;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The states of a world with an edge for every action, walked breadth first.
public final class StateGraph {
    private final List<Action> actions;

    private StateGraph(List<Action> actions) {
        this.actions = actions;
    }

    /// The graph that the problem's start lies in.
    public static StateGraph of(Problem problem) {
        return new StateGraph(problem.domain().actions(problem.objects(), problem.start()));
    }

    /// What can be done in a state, in the domain's order.
    public List<Action> applicable(State state) {
        return actions.stream().filter(action -> action.applicable(state)).toList();
    }

    /// Shortest paths from a state to every state it reaches.
    public Paths from(State start) {
        return from(start, state -> false);
    }

    /// Shortest paths from a state, as far as the nearest state that is wanted.
    public Paths from(State start, Predicate<State> wanted) {
        Map<State, Arrival> arrivals = new LinkedHashMap<>();
        Deque<State> border = new ArrayDeque<>();
        arrivals.put(start, new Arrival(null, null, 0));
        border.add(start);
        boolean found = wanted.test(start);
        while (!found && !border.isEmpty()) {
            State state = border.remove();
            int distance = at(arrivals, state).distance + 1;
            for (Action action : applicable(state)) {
                State next = action.apply(state);
                if (arrivals.putIfAbsent(next, new Arrival(state, action.step(), distance)) == null) {
                    border.add(next);
                    found |= wanted.test(next);
                }
            }
        }
        return new Paths(arrivals);
    }

    private static Arrival at(Map<State, Arrival> arrivals, State state) {
        Arrival arrival = arrivals.get(state);
        if (arrival == null) {
            throw new IllegalArgumentException("state " + state + ": expected a state that was reached");
        }
        return arrival;
    }

    private record Arrival(
            @Nullable State previous, @Nullable Step step, int distance) {}

    /// The shortest paths from one state.
    public static final class Paths {
        private final Map<State, Arrival> arrivals;

        private Paths(Map<State, Arrival> arrivals) {
            this.arrivals = arrivals;
        }

        /// The states reached, nearest first.
        public List<State> states() {
            return List.copyOf(arrivals.keySet());
        }

        /// The number of actions to a state.
        ///
        /// @throws IllegalArgumentException if it was not reached
        public int distance(State state) {
            return at(arrivals, state).distance;
        }

        /// A shortest plan to a state.
        ///
        /// @throws IllegalArgumentException if it was not reached
        public List<Step> plan(State state) {
            List<Step> steps = new ArrayList<>();
            Arrival arrival = at(arrivals, state);
            while (arrival.previous != null && arrival.step != null) {
                steps.add(arrival.step);
                arrival = at(arrivals, arrival.previous);
            }
            Collections.reverse(steps);
            return List.copyOf(steps);
        }

        /// A shortest plan to the nearest state that is wanted, if one was reached.
        public Optional<List<Step>> planTo(Predicate<State> wanted) {
            return arrivals.keySet().stream().filter(wanted).findFirst().map(this::plan);
        }
    }
}
