package dev.wellspring.rank;

import java.util.Arrays;

/// Where some values stand in a stream of values: 1 for one that nothing in the stream exceeds, and so on.
/// Equal ones stand at the same place, −0.0 equals 0.0, and NaN stands nowhere.
///
/// Takes memory for the values asked about, and O(log of their number) time for each of the stream; less where
/// most of the stream lies in one gap between them. One thread at a time.
public final class Places {
    /// What is asked about, ascending, each once.
    private final double[] asked;
    /// Of gap i, above `asked[i - 1]` and not above `asked[i]`, how much of the stream lies there.
    private final long[] inGap;
    /// Where the last value was; most others are there too.
    private int gap;

    private boolean counted;

    /// @param values what is asked about; NaN is left out
    public Places(double[] values) {
        asked = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .map(value -> value + 0.0) // −0.0 + 0.0 = 0.0
                .sorted()
                .distinct()
                .toArray();
        inGap = new long[asked.length + 1];
    }

    /// Takes the next values of the stream.
    ///
    /// @param values (at least count) in any order
    public void accept(double[] values, int count) {
        for (int i = 0; i < count; i++) {
            double value = values[i];
            if (!Double.isNaN(value)) {
                if (!isInGap(value)) {
                    gap = below(value);
                }
                inGap[gap]++;
            }
        }
    }

    private boolean isInGap(double value) {
        return (gap == asked.length || value <= asked[gap]) && (gap == 0 || value > asked[gap - 1]);
    }

    /// How many of those asked about are smaller: a binary search without a branch that depends on the value, which
    /// would be mispredicted half of the time.
    private int below(double value) {
        int base = 0;
        int length = asked.length;
        while (length > 1) {
            int half = length >>> 1;
            base = asked[base + half - 1] < value ? base + half : base;
            length -= half;
        }
        return length == 1 && asked[base] < value ? base + 1 : base;
    }

    /// Where a value stands, once all of the stream has passed.
    ///
    /// @param value one of those asked about
    /// @return from 1, or 0 for NaN
    public long of(double value) {
        if (Double.isNaN(value)) {
            return 0;
        }
        int at = below(value);
        if (at == asked.length || asked[at] != value) {
            throw new IllegalArgumentException(
                    "value: expected one of the " + asked.length + " asked about, got " + value);
        }
        sumUp();
        return 1 + inGap[at + 1];
    }

    /// Makes of each count that of all gaps from there on.
    private void sumUp() {
        for (int i = inGap.length - 2; !counted && i >= 0; i--) {
            inGap[i] += inGap[i + 1];
        }
        counted = true;
    }
}
