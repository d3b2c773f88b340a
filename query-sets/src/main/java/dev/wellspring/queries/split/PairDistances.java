package dev.wellspring.queries.split;

import dev.wellspring.queries.split.BlockStates.Pair;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The distance from every pair of states to the nearest pair in training. Being a sum over start and goal, it is found
/// along one and then along the other: 2 n³ operations for n states, however many items there are.
final class PairDistances implements Metric.Neighbourhood {
    private static final int NONE = Integer.MAX_VALUE / 4;

    private final BlockStates states;
    private final List<Item> train;
    private final Field nearest;
    private final int[][] renamings;
    private final Set<Integer> orbits = new HashSet<>();

    PairDistances(BlockStates states, List<Item> train) {
        this.states = states;
        this.train = train;
        this.renamings = states.renamings();
        var there = new Field(states.size());
        for (int i = 0; i < train.size(); i++) {
            Pair pair = states.pair(train.get(i));
            if (pair != null) {
                there.meet(pair.start(), pair.goal(), 0, 1, i);
                orbits.add(orbit(pair));
            }
        }
        int[][] distances = states.distances();
        this.nearest = there.spread(distances).transposed().spread(distances).transposed();
    }

    @Override
    public @Nullable Nearest nearest(Item item) {
        Pair pair = states.pair(item);
        if (pair == null || nearest.distance[pair.start()][pair.goal()] >= NONE) {
            return null;
        }
        return new Nearest(
                nearest.distance[pair.start()][pair.goal()],
                train.get(nearest.first[pair.start()][pair.goal()]).id(),
                nearest.ties[pair.start()][pair.goal()],
                orbits.contains(orbit(pair)));
    }

    /// What all problems that differ by the blocks' names alone share: the smallest of their numbers.
    private int orbit(Pair pair) {
        return Arrays.stream(renamings)
                .mapToInt(renamed -> renamed[pair.start()] * states.size() + renamed[pair.goal()])
                .min()
                .orElseThrow();
    }

    /// For every pair, how far the nearest items are, how many they are, and the first of them.
    private static final class Field {
        private final int[][] distance;
        private final int[][] ties;
        private final int[][] first;

        Field(int size) {
            distance = new int[size][size];
            ties = new int[size][size];
            first = new int[size][size];
            for (int[] row : distance) {
                Arrays.fill(row, NONE);
            }
        }

        /// Takes items at some distance into account.
        void meet(int start, int goal, int far, int count, int index) {
            if (far < distance[start][goal]) {
                distance[start][goal] = far;
                ties[start][goal] = 0;
                first[start][goal] = index;
            }
            if (far == distance[start][goal]) {
                ties[start][goal] += count;
                first[start][goal] = Math.min(first[start][goal], index);
            }
        }

        /// The field after a walk of any length along the second state.
        Field spread(int[][] steps) {
            var spread = new Field(distance.length);
            for (int start = 0; start < distance.length; start++) {
                for (int from = 0; from < distance.length; from++) {
                    if (distance[start][from] < NONE) {
                        for (int to = 0; to < distance.length; to++) {
                            spread.meet(
                                    start,
                                    to,
                                    distance[start][from] + steps[from][to],
                                    ties[start][from],
                                    first[start][from]);
                        }
                    }
                }
            }
            return spread;
        }

        Field transposed() {
            var transposed = new Field(distance.length);
            for (int i = 0; i < distance.length; i++) {
                for (int j = 0; j < distance.length; j++) {
                    transposed.distance[j][i] = distance[i][j];
                    transposed.ties[j][i] = ties[i][j];
                    transposed.first[j][i] = first[i][j];
                }
            }
            return transposed;
        }
    }
}
