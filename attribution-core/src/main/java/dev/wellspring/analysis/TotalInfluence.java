package dev.wellspring.analysis;

import java.util.Arrays;

/// What all documents together do to one query, per nat of its completion, so that queries compare. Ruis et al. 2024
/// (arXiv 2411.12580), finding 2: less for reasoning than for facts, and steadier from query to query.
///
/// @param positive the sum of the scores above 0, per nat
/// @param negative the sum of the scores below 0, per nat
/// @param topShare which share of `positive` the first documents have; NaN where no score is above 0
public record TotalInfluence(double positive, double negative, double topShare) {
    /// @param scores (documents) of one query, in nats; those that are NaN are left out
    /// @param loss −ln p of the query's completion, in nats, above 0
    /// @param share of the documents that are called the first, rounded up
    public static TotalInfluence of(double[] scores, double loss, double share) {
        if (!(loss > 0)) {
            throw new IllegalArgumentException("loss: expected more than 0 nats, got " + loss);
        }
        double[] above =
                Arrays.stream(scores).filter(score -> score > 0).sorted().toArray();
        double positive = Arrays.stream(above).sum();
        int first = Math.min(above.length, (int) Math.ceil(share * scores.length));
        double top = Arrays.stream(above, above.length - first, above.length).sum();
        double negative = Arrays.stream(scores).filter(score -> score < 0).sum();
        return new TotalInfluence(positive / loss, negative / loss, top / positive);
    }
}
