package dev.wellspring.validation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/// Random parts of a corpus, all of one size.
public final class Subsets {
    private Subsets() {}

    /// So many subsets, each drawn without replacement from all documents.
    ///
    /// @param documents how many there are
    /// @param share of them in each subset, above 0 and below 1
    /// @param count how many subsets
    /// @param seed of the draws
    /// @return the documents in each
    public static List<BitSet> draw(int documents, double share, int count, long seed) {
        int size = (int) Math.round(documents * share);
        if (size < 1 || size >= documents) {
            throw new IllegalArgumentException("share: expected one that takes 1 to " + (documents - 1) + " of "
                    + documents + " documents, got " + share);
        }
        var random = new SplittableRandom(seed);
        List<BitSet> subsets = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            subsets.add(draw(documents, size, random));
        }
        return subsets;
    }

    /// The first places of a shuffle.
    private static BitSet draw(int documents, int size, SplittableRandom random) {
        int[] order = new int[documents];
        for (int i = 0; i < documents; i++) {
            order[i] = i;
        }
        var chosen = new BitSet(documents);
        for (int i = 0; i < size; i++) {
            int j = i + random.nextInt(documents - i);
            int drawn = order[j];
            order[j] = order[i];
            chosen.set(drawn);
        }
        return chosen;
    }
}
