package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;
import java.util.Arrays;

/// What is kept of the scores of one query while they pass by. Scores that are NaN or infinite are counted
/// and left out.
final class QueryScores {
    /// So many documents at either end are kept by number; what lies between is in histograms.
    static final int KEPT = 5000;

    private final FirstDocuments top;
    private final FirstDocuments bottom;
    private final ScoreHistogram positive = new ScoreHistogram();
    private final ScoreHistogram negative = new ScoreHistogram();
    private long[] zeros = new long[0];
    private long zeroCount;
    private long notANumber;

    QueryScores(int documents) {
        int kept = Math.clamp(documents, 1, KEPT);
        top = new FirstDocuments(kept, Tail.TOP);
        bottom = new FirstDocuments(kept, Tail.BOTTOM);
    }

    /// Makes room for sources that are counted apart.
    void widen(int sources) {
        positive.widen(sources);
        negative.widen(sources);
        zeros = Arrays.copyOf(zeros, Math.max(sources, zeros.length));
    }

    /// Takes the scores of consecutive documents.
    ///
    /// @param first the number of the first of them
    /// @param sources (documents) numbers of their sources, or −1
    void accept(double[] scores, int count, int first, int[] sources) {
        for (int d = 0; d < count; d++) {
            double score = scores[d];
            if (!Double.isFinite(score)) {
                notANumber++;
                continue;
            }
            top.offer(score, first + d);
            bottom.offer(score, first + d);
            if (score > 0) {
                positive.add(score, sources[d]);
            } else if (score < 0) {
                negative.add(-score, sources[d]);
            } else {
                zeroCount++;
                if (sources[d] >= 0) {
                    zeros[sources[d]]++;
                }
            }
        }
    }

    /// The best 5,000 documents at one end.
    FirstDocuments first(Tail tail) {
        return tail == Tail.TOP ? top : bottom;
    }

    /// @param loss of the query, nats
    InfluenceSpread spread(double loss) {
        double sum = positive.total() + negative.total();
        return new InfluenceSpread(
                tail(positive, top, 1, loss),
                tail(negative, bottom, -1, loss),
                sum * sum / (positive.squares() + negative.squares()),
                notANumber);
    }

    private static TailSpread tail(ScoreHistogram side, FirstDocuments kept, int sign, double loss) {
        double[] first = Arrays.stream(kept.scores())
                .map(score -> sign * score)
                .takeWhile(score -> score > 0)
                .toArray();
        double[] shares = SpreadFindings.PERCENTAGES.stream()
                .mapToDouble(percentage -> sumOfFirst(side, first, documents(side.count(), percentage)) / side.total())
                .toArray();
        double total = sign * side.total() + 0.0; // no −0.0
        return new TailSpread(
                side.count(),
                total,
                loss == 0 ? Double.NaN : total / loss,
                side.total() * side.total() / side.squares(),
                shares,
                PowerLaw.of(first));
    }

    /// A percentage of documents, rounded up.
    private static long documents(long count, double percentage) {
        return Math.ceilDiv(count * Math.round(100 * percentage), 10_000L);
    }

    private static double sumOfFirst(ScoreHistogram side, double[] first, long documents) {
        return documents <= first.length
                ? Arrays.stream(first, 0, (int) documents).sum()
                : side.sumOfLargest(documents);
    }

    /// (sources) how many of the first k documents are of each source.
    ///
    /// @param ofDocument (documents) the number of each document's source
    double[] sources(Tail tail, long k, int sources, byte[] ofDocument) {
        double[] counts = new double[sources];
        if (k <= KEPT) {
            Arrays.stream(first(tail).documents()).limit(k).forEach(d -> counts[ofDocument[d]]++);
            return counts;
        }
        ScoreHistogram front = tail == Tail.TOP ? positive : negative;
        ScoreHistogram back = tail == Tail.TOP ? negative : positive;
        long left = k;
        front.addSources(Math.min(left, front.count()), true, counts);
        left -= Math.min(left, front.count());
        if (left > 0 && zeroCount > 0) {
            double part = left >= zeroCount ? 1 : (double) left / zeroCount;
            for (int source = 0; source < sources; source++) {
                counts[source] += part * zeros[source];
            }
            left -= Math.min(left, zeroCount);
        }
        back.addSources(Math.min(left, back.count()), false, counts);
        return counts;
    }
}
