package dev.wellspring.analysis;

import java.util.BitSet;

/// Where a ranking has the documents that matter to its query, such as those that hold its answer, and what a ranking
/// by lot would have shown.
///
/// @param documents how many were ranked
/// @param relevant how many of them matter
/// @param top how many count as the top: a share of all, rounded up
/// @param found how many that matter are in the top
/// @param best the rank of the first that matters, 1 for the very first; 0 where none matters
public record Retrieval(int documents, int relevant, int top, int found, int best) {
    /// Looks up the documents that matter in a ranking, largest score first. Equal scores rank in the order of the
    /// documents; NaN ranks last.
    ///
    /// @param scores (documents) of one query
    /// @param relevant the numbers of the documents that matter
    /// @param share of the documents that is called the top, above 0 and at most 1
    public static Retrieval of(double[] scores, BitSet relevant, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share: expected above 0 and at most 1, got " + share);
        }
        if (relevant.length() > scores.length) {
            throw new IllegalArgumentException(
                    "relevant: expected numbers below " + scores.length + ", got " + (relevant.length() - 1));
        }
        int top = (int) Math.ceil(share * scores.length);
        int best = 0;
        int found = 0;
        for (int d = relevant.nextSetBit(0); d >= 0; d = relevant.nextSetBit(d + 1)) {
            int rank = rank(scores, d);
            found += rank <= top ? 1 : 0;
            best = best == 0 ? rank : Math.min(best, rank);
        }
        return new Retrieval(scores.length, relevant.cardinality(), top, found, best);
    }

    /// Whether one that matters is in the top.
    public boolean any() {
        return found > 0;
    }

    /// How likely one that matters would be in the top, were the documents ranked by lot:
    /// `1 − C(documents − relevant, top) / C(documents, top)`.
    public double chance() {
        double none = 1;
        for (int i = 0; i < top && none > 0; i++) {
            none *= Math.max(0, (double) (documents - relevant - i) / (documents - i));
        }
        return 1 - none;
    }

    private static int rank(double[] scores, int document) {
        double own = scores[document];
        int rank = 1;
        for (int d = 0; d < scores.length; d++) {
            boolean before = Double.isNaN(own)
                    ? !Double.isNaN(scores[d]) || d < document
                    : scores[d] > own || (scores[d] == own && d < document);
            rank += before ? 1 : 0;
        }
        return rank;
    }
}
