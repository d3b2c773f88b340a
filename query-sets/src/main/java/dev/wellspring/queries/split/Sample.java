package dev.wellspring.queries.split;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Some of a list, each as likely as any other.
final class Sample {
    private Sample() {}

    /// As many as asked for, or all (Fisher and Yates, as far as needed).
    static <T> Set<T> of(List<T> from, int count, long seed) {
        int size = Math.min(count, from.size());
        int[] order = IntStream.range(0, from.size()).toArray();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < size; i++) {
            int other = random.nextInt(i, order.length);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return IntStream.range(0, size).mapToObj(i -> from.get(order[i])).collect(Collectors.toUnmodifiableSet());
    }
}
