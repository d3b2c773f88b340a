package dev.wellspring.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Whether the influence on a problem of a grid comes from near problems, which are cases, or from those that share its
/// digits, which are steps of a procedure.
///
/// The problem itself counts nowhere. Decay with distance alone tells little: near problems share their tens too.
/// What tells cases from steps is the lift of the units. There is no correlation of influence with distance over
/// all documents either: nearly all pairs are far apart and near zero.
///
/// @param curve (bins of [#BINS]) the mean influence at that distance, in units of the query's mean absolute influence;
///     NaN where there is no document
/// @param nearLift the share of the first documents within a distance of 3, divided by that of all; NaN if none is
/// @param unitsLift the same of those whose operands have the same units as the query's
/// @param tensLift the same of those whose operands have the same tens
public record Locality(double[] curve, double nearLift, double unitsLift, double tensLift) {
    /// Where the bins of distance begin; each ends before the next, and the last has no end. Distance 0 is the mirror
    /// image of a problem whose operands may change places.
    public static final List<Integer> BINS = List.of(0, 1, 2, 3, 5, 9, 17, 33);

    private static final int NEAR = 3;

    /// @param scores (documents) of one query
    /// @param query its place
    /// @param documents the places of the documents
    /// @param commutes whether the operands may change places
    /// @param k how many documents are the first; equal ones in their order
    public static Locality of(double[] scores, GridPoint query, List<GridPoint> documents, boolean commutes, int k) {
        int[] others = IntStream.range(0, scores.length)
                .filter(d -> !documents.get(d).equals(query) && !Double.isNaN(scores[d]))
                .toArray();
        int[] first = Arrays.stream(others)
                .boxed()
                .sorted(Comparator.comparingDouble(d -> -scores[d]))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
        return new Locality(
                curve(scores, query, documents, commutes, others),
                lift(first, others, d -> query.distance(documents.get(d), commutes) <= NEAR),
                lift(first, others, d -> query.sharesUnits(documents.get(d), commutes)),
                lift(first, others, d -> query.sharesTens(documents.get(d), commutes)));
    }

    private static double[] curve(
            double[] scores, GridPoint query, List<GridPoint> documents, boolean commutes, int[] others) {
        double[] sums = new double[BINS.size()];
        int[] counts = new int[BINS.size()];
        double absolute = 0;
        for (int d : others) {
            int bin = bin(query.distance(documents.get(d), commutes));
            sums[bin] += scores[d];
            counts[bin]++;
            absolute += Math.abs(scores[d]);
        }
        double unit = absolute / others.length;
        return IntStream.range(0, sums.length)
                .mapToDouble(bin -> sums[bin] / counts[bin] / unit)
                .toArray();
    }

    private static int bin(int distance) {
        int bin = BINS.size() - 1;
        while (BINS.get(bin) > distance) {
            bin--;
        }
        return bin;
    }

    private static double lift(int[] first, int[] all, IntPredicate has) {
        return share(first, has) / share(all, has);
    }

    private static double share(int[] documents, IntPredicate has) {
        return (double) Arrays.stream(documents).filter(has).count() / documents.length;
    }
}
