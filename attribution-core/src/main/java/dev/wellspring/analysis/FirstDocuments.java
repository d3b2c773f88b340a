package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The k best documents of a stream, by their numbers: what [dev.wellspring.rank.TopK] keeps of rows, in 12
/// bytes for each.
///
/// Documents are offered in ascending order of their numbers. Equal scores rank in that order; −0.0 equals
/// 0.0; NaN is never ranked. O(log k) time for a document that enters, one comparison for one that does not.
final class FirstDocuments {
    private static final int BEGINNING = 16;

    private final int capacity;
    /// 1, or −1 where the smallest scores are the best.
    private final double sign;

    /// A heap with the worst at its root; of equal scores the latest is the worst.
    private double[] values = new double[BEGINNING];

    private int[] documents = new int[BEGINNING];
    private int size;
    private long alsoWorst;

    /// Where they stand in the heap, best first; null when somebody has entered since.
    private int @Nullable [] order;

    /// @param capacity k, at least 1
    FirstDocuments(int capacity, Tail tail) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: expected at least 1, got " + capacity);
        }
        this.capacity = capacity;
        this.sign = tail == Tail.TOP ? 1 : -1;
    }

    /// The first of documents that lie in memory.
    static FirstDocuments of(double[] scores, int capacity) {
        var first = new FirstDocuments(capacity, Tail.TOP);
        for (int d = 0; d < scores.length; d++) {
            first.offer(scores[d], d);
        }
        return first;
    }

    /// Considers a document.
    void offer(double score, int document) {
        double value = sign * score + 0.0; // −0.0 + 0.0 = 0.0
        if (size == capacity) {
            if (value > values[0]) {
                replaceWorst(value, document);
            } else if (value == values[0]) {
                alsoWorst++;
            }
        } else if (!Double.isNaN(value)) {
            add(value, document);
        }
    }

    /// How many there are: k, or all that were offered.
    int size() {
        return size;
    }

    /// (size) their numbers, best first.
    int[] documents() {
        return Arrays.stream(sorted()).map(at -> documents[at]).toArray();
    }

    /// (size) their scores, best first.
    double[] scores() {
        return Arrays.stream(sorted()).mapToDouble(at -> sign * values[at]).toArray();
    }

    /// How many of all documents offered have exactly this score, which one of the kept has.
    long alike(double score) {
        double value = sign * score + 0.0;
        long kept = 0;
        for (int i = 0; i < size; i++) {
            kept += values[i] == value ? 1 : 0;
        }
        return kept + (size == capacity && value == values[0] ? alsoWorst : 0);
    }

    private int[] sorted() {
        int[] known = order;
        if (known == null) {
            known = sort();
            order = known;
        }
        return known;
    }

    private int[] sort() {
        Integer[] places = new Integer[size];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, (a, b) -> isWorse(a, b) ? 1 : isWorse(b, a) ? -1 : 0);
        return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
    }

    private boolean isWorse(int one, int other) {
        return values[one] < values[other] || (values[one] == values[other] && documents[one] > documents[other]);
    }

    private void add(double value, int document) {
        order = null;
        if (size == values.length) {
            int larger = Math.min(capacity, 2 * size);
            values = Arrays.copyOf(values, larger);
            documents = Arrays.copyOf(documents, larger);
        }
        int at = size++;
        set(at, value, document);
        while (at > 0 && isWorse(at, (at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void replaceWorst(double value, int document) {
        order = null;
        double before = values[0];
        set(0, value, document);
        int at = 0;
        while (true) {
            int worst = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
                worst = isWorse(child, worst) ? child : worst;
            }
            if (worst == at) {
                break;
            }
            swap(at, worst);
            at = worst;
        }
        alsoWorst = values[0] == before ? alsoWorst + 1 : 0;
    }

    private void set(int at, double value, int document) {
        values[at] = value;
        documents[at] = document;
    }

    private void swap(int one, int other) {
        double value = values[one];
        int document = documents[one];
        set(one, values[other], documents[other]);
        set(other, value, document);
    }
}
