package dev.wellspring.train;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Which sequences each step sees: every epoch is a shuffle of its own, and batches are cut from the epochs one after
/// the
/// other. The order depends on the counts and the seed alone, and any step can be asked for first.
public final class BatchOrder {
    private final int sequences;
    private final int batch;
    private final long seed;
    private long epoch = -1;
    private int @Nullable [] shuffled;

    /// @param sequences how many there are
    /// @param batch how many a step sees
    /// @param seed of the shuffles
    public BatchOrder(int sequences, int batch, long seed) {
        if (sequences < 1 || batch < 1) {
            throw new IllegalArgumentException(
                    "sequences, batch: expected at least 1, got " + sequences + " and " + batch);
        }
        this.sequences = sequences;
        this.batch = batch;
        this.seed = seed;
    }

    /// How many steps so many epochs take.
    public long steps(double epochs) {
        return Math.max(1, (long) Math.ceil(sequences * epochs / batch));
    }

    /// The sequences of one step, from 0.
    public int[] at(long step) {
        int[] numbers = new int[batch];
        long first = Math.multiplyExact(step, (long) batch);
        for (int i = 0; i < batch; i++) {
            long place = first + i;
            numbers[i] = epoch(place / sequences)[(int) (place % sequences)];
        }
        return numbers;
    }

    private int[] epoch(long wanted) {
        if (shuffled == null || epoch != wanted) {
            shuffled = shuffle(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + wanted));
            epoch = wanted;
        }
        return shuffled;
    }

    private int[] shuffle(SplittableRandom random) {
        int[] order = new int[sequences];
        for (int i = 0; i < sequences; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
