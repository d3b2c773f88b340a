package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What all problems that differ by the blocks' names alone have in common: the first of them in a fixed order.
final class Orbits {
    private final List<String> blocks;
    private final List<int[]> renamings = new ArrayList<>();

    /// Orbits of problems with these blocks, up to 8.
    Orbits(List<String> blocks) {
        this.blocks = blocks;
        int[] names = new int[blocks.size()];
        permute(names, 0);
    }

    private void permute(int[] names, int filled) {
        if (filled == names.length) {
            renamings.add(names.clone());
            return;
        }
        for (int name = 0; name < names.length; name++) {
            int wanted = name;
            if (Arrays.stream(names, 0, filled).noneMatch(taken -> taken == wanted)) {
                names[filled] = name;
                permute(names, filled + 1);
            }
        }
    }

    /// The start and goal of the first problem of the orbit, as facts.
    String of(Problem problem) {
        int[] start = below(problem.start().facts());
        int[] goal = below(problem.goal());
        int[] first = renamings.getFirst();
        long least = Long.MAX_VALUE;
        for (int[] renaming : renamings) {
            long code = code(start, goal, renaming);
            if (code < least) {
                least = code;
                first = renaming;
            }
        }
        return renamed(problem.start().facts(), first) + " > " + renamed(problem.goal(), first);
    }

    /// The number of each state when the blocks are renamed.
    ///
    /// @param states all there are, in the order of their numbers
    /// @return (renamings, states)
    int[][] renumbered(List<State> states) {
        Map<State, Integer> numbers = new HashMap<>();
        states.forEach(state -> numbers.put(state, numbers.size()));
        return renamings.stream()
                .map(renaming -> states.stream()
                        .mapToInt(state -> numbers.getOrDefault(renamed(state.facts(), renaming), -1))
                        .toArray())
                .toArray(int[][]::new);
    }

    private State renamed(List<Fact> facts, int[] renaming) {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < renaming.length; i++) {
            names.put(blocks.get(i), blocks.get(renaming[i]));
        }
        return new State(facts.stream().map(fact -> fact.with(names)).toList());
    }

    /// What each block is on: a block, the table, the hand, or nothing that is said.
    private int[] below(List<Fact> facts) {
        int[] below = new int[blocks.size()];
        Arrays.fill(below, blocks.size() + 2);
        for (Fact fact : facts) {
            switch (fact.predicate()) {
                case "on" ->
                    below[blocks.indexOf(fact.arguments().getFirst())] =
                            blocks.indexOf(fact.arguments().getLast());
                case "ontable" -> below[blocks.indexOf(fact.arguments().getFirst())] = blocks.size();
                case "holding" -> below[blocks.indexOf(fact.arguments().getFirst())] = blocks.size() + 1;
                default -> {
                    // follows from the others
                }
            }
        }
        return below;
    }

    private static long code(int[] start, int[] goal, int[] renaming) {
        int size = renaming.length;
        long code = 0;
        for (int block = 0; block < size; block++) {
            int shift = 8 * (size - 1 - renaming[block]);
            long under = start[block] < size ? renaming[start[block]] : start[block];
            long wanted = goal[block] < size ? renaming[goal[block]] : goal[block];
            code |= (under << 4 | wanted) << shift;
        }
        return code;
    }
}
