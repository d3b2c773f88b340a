package dev.wellspring.queries.task.planning;

import java.util.Arrays;

/// What is asked about a problem: the test cases of Valmeekam et al., section 4.
public enum PlanningTask {
    /// A plan, after one worked example.
    GENERATION("t1", 1),
    /// A plan of least cost, where each action takes time.
    OPTIMAL("t2", 1),
    /// Whether a plan works, and what is wrong with it, after one example of each verdict in any order.
    VERIFICATION("t3", 3),
    /// A plan that is the beginning of the example's.
    REUSE("t4", 1),
    /// A plan that goes on as the example's loop does.
    GENERALISATION("t5", 1),
    /// A plan from the state that a surprise left.
    REPLANNING("t6", 1),
    /// The state that a sequence of actions leads to.
    EXECUTION("t7", 1),
    /// The example's problem with its goals in another order.
    SHUFFLED_GOALS("t8-1", 1),
    /// The example's problem with fewer goals.
    FEWER_GOALS("t8-2", 1),
    /// The example's problem with all goals.
    MORE_GOALS("t8-3", 1);

    private final String code;
    private final int examples;

    PlanningTask(String code, int examples) {
        this.code = code;
        this.examples = examples;
    }

    /// The paper's name for it.
    public String code() {
        return code;
    }

    /// Worked examples in a prompt.
    public int examples() {
        return examples;
    }

    /// The task of that code.
    ///
    /// @throws IllegalArgumentException if there is none
    public static PlanningTask of(String code) {
        return Arrays.stream(values())
                .filter(task -> task.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected t1 to t8-3, got " + code));
    }
}
