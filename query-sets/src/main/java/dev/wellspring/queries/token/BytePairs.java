package dev.wellspring.queries.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Byte-pair encoding: the most frequent pair of neighbouring symbols becomes a symbol, again and again. Of equally
/// frequent pairs the one with the smaller ids is taken. Sennrich et al. 2016, arXiv 1508.07909.
final class BytePairs {
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> frequencies = new ArrayList<>();
    private final Map<Pair, Long> counts = new HashMap<>();
    private final Map<Pair, Set<Integer>> places = new HashMap<>();

    /// Two neighbours.
    record Pair(int left, int right) {}

    /// Adds a word of symbols and how often it occurs.
    void add(int[] word, long frequency) {
        words.add(word);
        frequencies.add(frequency);
        count(words.size() - 1, frequency);
    }

    /// The most frequent pair; null if none occurs twice.
    @Nullable
    Pair best() {
        Pair best = null;
        long most = 1;
        for (Map.Entry<Pair, Long> entry : counts.entrySet()) {
            long count = entry.getValue();
            if (count > most || (count == most && best != null && isBefore(entry.getKey(), best))) {
                best = entry.getKey();
                most = count;
            }
        }
        return best;
    }

    /// Puts a symbol in the place of a pair, everywhere.
    void merge(Pair pair, int symbol) {
        Set<Integer> touched = places.remove(pair);
        if (touched == null) {
            throw new IllegalArgumentException("expected a pair that occurs, got " + pair);
        }
        for (int word : touched) {
            count(word, -frequencies.get(word));
            words.set(word, merged(words.get(word), pair, symbol));
            count(word, frequencies.get(word));
        }
    }

    private static boolean isBefore(Pair one, Pair other) {
        return one.left != other.left ? one.left < other.left : one.right < other.right;
    }

    private static int[] merged(int[] word, Pair pair, int symbol) {
        int[] shorter = new int[word.length];
        int length = 0;
        for (int i = 0; i < word.length; i++) {
            boolean here = i + 1 < word.length && word[i] == pair.left && word[i + 1] == pair.right;
            shorter[length++] = here ? symbol : word[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(shorter, length);
    }

    private void count(int index, long change) {
        int[] word = words.get(index);
        for (int i = 0; i + 1 < word.length; i++) {
            var pair = new Pair(word[i], word[i + 1]);
            if (counts.merge(pair, change, Long::sum) == 0) {
                counts.remove(pair);
            }
            if (change > 0) {
                places.computeIfAbsent(pair, key -> new HashSet<>()).add(index);
            }
        }
    }
}
