package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Where problems come from: a domain, objects, and a way to draw problems.
public sealed interface World permits Blocksworld, Logistics {
    /// The domain.
    Domain domain();

    /// Every object that a problem of any size in this domain may have, in order.
    List<String> universe();

    /// A problem whose goal does not hold at the start.
    Problem draw(SplittableRandom random);

    /// A problem that one looping program solves with this many rounds, and that program's plan, a shortest one.
    Solved loop(int rounds, SplittableRandom random);

    /// The most rounds that [#loop] has objects for.
    int maxRounds();

    /// Whether something is in the hand or in a vehicle.
    boolean carries(State state);

    /// The state after what is carried got elsewhere, as it does in the paper's replanning.
    ///
    /// @param state of the problem, in which something is carried
    State surprise(Problem problem, State state, SplittableRandom random);

    /// A problem with a shortest plan.
    record Solved(Problem problem, List<Step> plan) {
        /// Copies the plan.
        public Solved {
            plan = List.copyOf(plan);
        }

        /// The problem with a shortest plan.
        public static Solved of(Problem problem) {
            return new Solved(problem, problem.shortestPlan());
        }
    }

    /// The elements in a random order (Fisher and Yates).
    static <T> List<T> shuffled(List<T> elements, SplittableRandom random) {
        List<T> order = new ArrayList<>(elements);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return List.copyOf(order);
    }
}
