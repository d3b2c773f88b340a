package dev.wellspring.analysis;

import java.util.ArrayList;
import java.util.List;

/// The k of "the first k" that are looked at: 50, 500, 5,000 and so on, as in Ruis et al. 2024.
final class Depths {
    private static final int FIRST = 50;

    private Depths() {}

    /// Those up to half of the documents; where even 50 are more, half of them, rounded up.
    static List<Long> of(long documents) {
        List<Long> depths = new ArrayList<>();
        for (long k = FIRST; k <= documents / 2; k *= 10) {
            depths.add(k);
        }
        return depths.isEmpty() ? List.of(Math.ceilDiv(documents, 2)) : List.copyOf(depths);
    }
}
