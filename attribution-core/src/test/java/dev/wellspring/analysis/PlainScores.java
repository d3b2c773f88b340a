package dev.wellspring.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Scores that lie in memory, as blocks.
///
/// @param scores (queries, documents)
/// @param bm25 (queries, documents)
/// @param norms (documents)
/// @param lengths (documents) predictions
/// @param sources (documents)
record PlainScores(
        double[][] scores,
        double[][] bm25,
        double[] norms,
        double[] lengths,
        @Nullable String[] sources) implements ScoreLookup {
    /// Of gradients of norm 1, all of one length.
    static PlainScores of(double[]... scores) {
        int documents = scores[0].length;
        double[] norms = new double[documents];
        Arrays.fill(norms, 1);
        return new PlainScores(
                scores, new double[scores.length][documents], norms, new double[documents], new String[documents]);
    }

    /// Queries that have something in common, BM25 scores with ties, lengths that mean something.
    static PlainScores random(int documents, int queries) {
        var random = new SplittableRandom(documents + queries);
        double[] common = random.doubles(documents, -1, 1).toArray();
        double[][] scores = new double[queries][];
        double[][] bm25 = new double[queries][];
        for (int q = 0; q < queries; q++) {
            double share = 0.2 * q;
            double[] own = random.doubles(documents, -1, 1).toArray();
            scores[q] = IntStream.range(0, documents)
                    .mapToDouble(d -> own[d] * own[d] * own[d] + share * common[d])
                    .toArray();
            bm25[q] = IntStream.range(0, documents)
                    .mapToDouble(d -> Math.max(0, Math.round(4 * own[d])))
                    .toArray();
        }
        double[] norms = random.doubles(documents, 0.1, 3).toArray();
        double[] lengths = random.ints(documents, 1, 30).mapToDouble(x -> x).toArray();
        return new PlainScores(scores, bm25, norms, lengths, new String[documents]);
    }

    PlainScores with(@Nullable String[] others) {
        return new PlainScores(scores, bm25, norms, lengths, others);
    }

    int queries() {
        return scores.length;
    }

    int documents() {
        return norms.length;
    }

    /// The scores of some documents, divided by the norms of their gradients.
    double[] normalised(int query, int[] some) {
        return IntStream.of(some).mapToDouble(d -> scores[query][d] / norms[d]).toArray();
    }

    List<ScoreBlock> blocks(int size) {
        List<ScoreBlock> blocks = new ArrayList<>();
        for (int from = 0; from < documents(); from += size) {
            blocks.add(new Block(from, Math.min(size, documents() - from)));
        }
        return blocks;
    }

    private final class Block implements ScoreBlock {
        private final int from;
        private final int count;

        Block(int from, int count) {
            this.from = from;
            this.count = count;
        }

        @Override
        public int rowCount() {
            return count;
        }

        @Override
        public void scores(int query, double[] into) {
            System.arraycopy(scores[query], from, into, 0, count);
        }

        @Override
        public void bm25(int query, double[] into) {
            System.arraycopy(bm25[query], from, into, 0, count);
        }

        @Override
        public int tokens(int row) {
            return PlainScores.this.tokens(from + row);
        }

        @Override
        public double gradientNorm(int row) {
            return norms[from + row];
        }

        @Override
        public @Nullable String source(int row) {
            return sources[from + row];
        }
    }

    @Override
    public double score(int query, int document) {
        return scores[query][document];
    }

    @Override
    public double bm25(int query, int document) {
        return bm25[query][document];
    }

    @Override
    public int tokens(int document) {
        return (int) lengths[document] + 1;
    }

    @Override
    public double gradientNorm(int document) {
        return norms[document];
    }
}
