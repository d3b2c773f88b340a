package dev.wellspring.queries.task.language;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Random orders (Fisher and Yates).
final class Shuffle {
    private Shuffle() {}

    static <T> List<T> of(List<T> elements, SplittableRandom random) {
        List<T> order = new ArrayList<>(elements);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return List.copyOf(order);
    }
}
