package dev.wellspring.rank;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;

/// The k best rows of a stream in O(n log k) time and O(k) memory.
///
/// Best means largest or smallest by the [Tail] asked for. Equal values are ordered by document id (UTF-16 code
/// units, ascending), then part, so the result depends on the set of rows and not on their order. −0.0 equals 0.0;
/// infinities are ordinary values; NaN is never ranked, but counted.
///
/// One thread at a time; to use several, give each its own and [#merge] them.
public final class TopK<R extends Rankable> {
    private final int k;
    private final Tail tail;
    private final Comparator<Ranked<R>> bestFirst;
    /// The rows kept so far, the worst of them at the head.
    private final PriorityQueue<Ranked<R>> kept;

    /// What a row must not be worse than to enter; anything may while there is room.
    private double worst;

    private long ranked;
    private long notANumber;

    /// @param k how many rows to keep, 0 or more
    public TopK(int k, Tail tail) {
        if (k < 0) {
            throw new IllegalArgumentException("k: expected 0 or more, got " + k);
        }
        this.k = k;
        this.tail = tail;
        this.worst = tail == Tail.TOP ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        this.bestFirst = bestFirst(tail);
        this.kept = new PriorityQueue<>(bestFirst.reversed());
    }

    /// The order of a ranking, best first.
    public static <R extends Rankable> Comparator<Ranked<R>> bestFirst(Tail tail) {
        Comparator<Ranked<R>> byValue = Comparator.comparingDouble(Ranked::value);
        return (tail == Tail.TOP ? byValue.reversed() : byValue)
                .thenComparing(r -> r.row().document())
                .thenComparingInt(r -> r.row().part());
    }

    /// Considers a row.
    public void offer(double value, R row) {
        offer(value, 0, _ -> row);
    }

    /// Considers a row that is only fetched if its value may be among the best: a few times per thousand rows in a
    /// long stream.
    ///
    /// @param index what `rows` is asked for
    public void offer(double value, int index, IntFunction<R> rows) {
        if (Double.isNaN(value)) {
            notANumber++;
            return;
        }
        ranked++;
        if (mayEnter(value)) {
            keep(new Ranked<>(value + 0.0, rows.apply(index))); // −0.0 + 0.0 = 0.0
        }
    }

    /// Considers everything that another instance, of the same tail and at least the same k, has seen.
    public void merge(TopK<R> other) {
        if (other.tail != tail || other.k < k) {
            throw new IllegalArgumentException(
                    "other: expected %s and k >= %d, got %s and k = %d".formatted(tail, k, other.tail, other.k));
        }
        ranked += other.ranked;
        notANumber += other.notANumber;
        other.kept.forEach(this::keep);
    }

    /// The rows kept, best first; fewer than k if fewer were offered.
    public List<Ranked<R>> best() {
        List<Ranked<R>> best = new ArrayList<>(kept);
        best.sort(bestFirst);
        return List.copyOf(best);
    }

    /// How many rows had a value that can be ranked.
    public long ranked() {
        return ranked;
    }

    /// How many rows had the value NaN.
    public long notANumber() {
        return notANumber;
    }

    private boolean mayEnter(double value) {
        return tail == Tail.TOP ? value >= worst : value <= worst;
    }

    private void keep(Ranked<R> candidate) {
        kept.add(candidate);
        if (kept.size() > k) {
            kept.remove();
        }
        Ranked<R> head = kept.peek();
        if (head != null && kept.size() == k) {
            worst = head.value();
        }
    }
}
