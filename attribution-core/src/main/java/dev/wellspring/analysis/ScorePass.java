package dev.wellspring.analysis;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Ranks;
import dev.wellspring.rank.Tail;
import dev.wellspring.validation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// All that is asked of the scores of a run, in one pass over them: blocks of documents go by, and what is
/// kept does not grow with their number but for a byte each.
///
/// Queries are spread over threads, and every sum of a query is made in the order of the documents: the
/// results are the same on any number of threads. For 100 queries and a million documents it takes about 400
/// MB of heap: 80 MB each for the sampled scores, their ranks and those of BM25, 24 for the ends of the
/// rankings, the rest for histograms and the block at hand.
public final class ScorePass {
    private static final long SEED = 0;

    private final List<AnalysedQuery> queries;
    private final RowParallel parallel;
    private final boolean bm25;
    private final int documents;
    private final boolean countSources;
    private final List<QueryScores> scores;
    private final Sources sources;
    private final CoMoments moments;
    private final CoMoments normalisedMoments;

    /// The documents whose ranks are correlated, and how many of them have passed.
    private final int[] sample;

    private int sampled;
    /// (queries, sample) scores, and later their ranks.
    private final double[][] sampledScores;

    private final double[][] sampledBm25;
    private final double[] sampledNorms;
    private final double[] sampledLengths;

    private final List<FirstDocuments> firstByBm25;
    private final FirstDocuments longest;
    private final FirstDocuments largestNorms;

    private int passed;
    private double[][] deviations = new double[0][];
    private double[][] normalised = new double[0][];

    /// What came out.
    ///
    /// @param baselines (queries) how much of each ranking every baseline would have shown
    public record Findings(
            CorrelationFindings correlation,
            SpreadFindings spread,
            SourceFindings sources,
            List<SortedMap<Baseline, Resemblance>> baselines) {}

    /// @param documents how many there will be
    /// @param bm25 whether the blocks have BM25 scores
    public ScorePass(List<AnalysedQuery> queries, int documents, boolean bm25, RowParallel parallel) {
        int count = queries.size();
        this.queries = List.copyOf(queries);
        this.documents = documents;
        this.bm25 = bm25;
        this.parallel = parallel;
        this.countSources = Depths.of(documents).getLast() > QueryScores.KEPT;
        this.scores = list(count, _ -> new QueryScores(documents));
        this.sources = new Sources(documents);
        this.moments = new CoMoments(count);
        this.normalisedMoments = new CoMoments(count);
        this.sample = RankedScores.sample(documents, SEED);
        this.sampledScores = new double[count][sample.length];
        this.sampledBm25 = new double[bm25 ? count : 0][sample.length];
        this.sampledNorms = new double[sample.length];
        this.sampledLengths = new double[sample.length];
        this.firstByBm25 = list(bm25 ? count : 0, _ -> new FirstDocuments(RankedScores.DEEPEST, Tail.TOP));
        this.longest = new FirstDocuments(RankedScores.DEEPEST, Tail.TOP);
        this.largestNorms = new FirstDocuments(RankedScores.DEEPEST, Tail.TOP);
    }

    /// Takes the next block.
    public void accept(ScoreBlock block) {
        int rows = block.rowCount();
        if (passed + rows > documents) {
            throw new IllegalArgumentException(
                    "block: expected at most " + (documents - passed) + " more documents, got " + rows);
        }
        int[] ofSource = ofSources(block);
        int[] inSample = inSample(rows);
        double[] norms = norms(block, inSample);
        int withNorm = (int) Arrays.stream(norms).filter(ScorePass::divides).count();
        double[] means = new double[queries.size()];
        double[] normalisedMeans = new double[queries.size()];
        deviations = atLeast(deviations, rows);
        normalised = atLeast(normalised, rows);
        parallel.forRanges(queries.size(), (from, to) -> {
            double[] column = new double[rows];
            for (int q = (int) from; q < to; q++) {
                if (bm25) {
                    block.bm25(q, column);
                    offer(column, rows, firstByBm25.get(q));
                    sample(column, inSample, sampledBm25[q]);
                }
                block.scores(q, column);
                scores.get(q).accept(column, rows, passed, ofSource);
                sample(column, inSample, sampledScores[q]);
                means[q] = deviations(column, rows, q, deviations);
                divide(column, norms);
                normalisedMeans[q] = deviations(column, withNorm, q, normalised);
            }
        });
        moments.accept(deviations, rows, means, parallel);
        normalisedMoments.accept(normalised, withNorm, normalisedMeans, parallel);
        sampled += inSample.length;
        passed += rows;
    }

    /// (rows) the number of each document's source, or −1 where they need not be counted.
    private int[] ofSources(ScoreBlock block) {
        int[] numbers = new int[block.rowCount()];
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = sources.add(passed + row, block.source(row));
        }
        if (countSources) {
            scores.forEach(one -> one.widen(sources.count()));
        } else {
            Arrays.fill(numbers, -1);
        }
        return numbers;
    }

    /// The rows of the block that are in the sample.
    private int[] inSample(int rows) {
        int end = sampled;
        while (end < sample.length && sample[end] < passed + rows) {
            end++;
        }
        return IntStream.range(sampled, end).map(i -> sample[i] - passed).toArray();
    }

    /// (rows) the norms of the documents' gradients; lengths are looked at on the way.
    private double[] norms(ScoreBlock block, int[] inSample) {
        double[] norms = new double[block.rowCount()];
        for (int row = 0; row < norms.length; row++) {
            norms[row] = block.gradientNorm(row);
            largestNorms.offer(norms[row], passed + row);
            longest.offer(block.tokens(row) - 1, passed + row);
        }
        for (int i = 0; i < inSample.length; i++) {
            sampledNorms[sampled + i] = norms[inSample[i]];
            sampledLengths[sampled + i] = block.tokens(inSample[i]) - 1;
        }
        return norms;
    }

    private void offer(double[] column, int rows, FirstDocuments first) {
        for (int row = 0; row < rows; row++) {
            first.offer(column[row], passed + row);
        }
    }

    private void sample(double[] column, int[] inSample, double[] into) {
        for (int i = 0; i < inSample.length; i++) {
            into[sampled + i] = column[inSample[i]];
        }
    }

    /// Writes the values of one query without their mean, and returns the mean.
    private static double deviations(double[] column, int rows, int query, double[][] into) {
        double mean = rows == 0 ? 0 : CoMoments.mean(column, rows);
        for (int row = 0; row < rows; row++) {
            into[row][query] = column[row] - mean;
        }
        return mean;
    }

    /// A document whose gradient is zero has no direction.
    private static boolean divides(double norm) {
        return norm > 0 && Double.isFinite(norm);
    }

    /// Divides by norms, and closes up over the documents that have none.
    private static void divide(double[] column, double[] norms) {
        int next = 0;
        for (int row = 0; row < norms.length; row++) {
            if (divides(norms[row])) {
                column[next++] = column[row] / norms[row];
            }
        }
    }

    private double[][] atLeast(double[][] array, int rows) {
        return array.length >= rows ? array : new double[rows][queries.size()];
    }

    /// (k) the documents at one end of a query's ranking, best first; fewer where the run has fewer.
    ///
    /// @param k at most 5,000
    public int[] first(int query, Tail tail, int k) {
        if (k > QueryScores.KEPT) {
            throw new IllegalArgumentException("k: expected at most " + QueryScores.KEPT + ", got " + k);
        }
        return Arrays.stream(scores.get(query).first(tail).documents()).limit(k).toArray();
    }

    /// What came out, once every document has passed. To be called once.
    ///
    /// @param lookup of the same run
    /// @param shuffled (queries) for each the number of another, by [ShuffledQueries]; empty where there is
    /// none
    public Findings finish(ScoreLookup lookup, int[] shuffled) {
        if (passed != documents) {
            throw new IllegalStateException("expected " + documents + " documents, got " + passed);
        }
        List<QueryGroup> groups = QueryGroup.of(queries);
        List<InfluenceSpread> spreads = IntStream.range(0, queries.size())
                .mapToObj(q -> scores.get(q).spread(queries.get(q).loss()))
                .toList();
        SourceFindings ofSources = sources.findings(scores, groups, documents);
        CorrelationFindings correlation = correlation();
        return new Findings(
                correlation,
                new SpreadFindings(spreads, means(spreads, groups)),
                ofSources,
                baselines(lookup, shuffled));
    }

    /// From here on, sampled scores are ranks.
    private CorrelationFindings correlation() {
        Map<Coefficient, CrossQueryCorrelation> matrices = new EnumMap<>(Coefficient.class);
        matrices.put(Coefficient.PEARSON, CrossQueryCorrelation.of(moments));
        matrices.put(Coefficient.PEARSON_NORMALISED, CrossQueryCorrelation.of(normalisedMoments));
        matrices.put(Coefficient.SPEARMAN_NORMALISED, CrossQueryCorrelation.of(normalisedRanks(), parallel));
        rank(sampledScores);
        matrices.put(Coefficient.SPEARMAN, CrossQueryCorrelation.of(sampledScores, parallel));
        Map<Coefficient, List<CorrelationBlock>> blocks = new EnumMap<>(Coefficient.class);
        matrices.forEach((which, matrix) -> blocks.put(which, CorrelationBlocks.of(matrix, queries)));
        return new CorrelationFindings(moments.rows(), normalisedMoments.rows(), sample.length, matrices, blocks);
    }

    private double[][] normalisedRanks() {
        int withNorm =
                (int) Arrays.stream(sampledNorms).filter(ScorePass::divides).count();
        double[][] ranks = new double[queries.size()][];
        parallel.forRanges(ranks.length, (from, to) -> {
            for (int q = (int) from; q < to; q++) {
                double[] column = sampledScores[q].clone();
                divide(column, sampledNorms);
                ranks[q] = Ranks.of(Arrays.copyOf(column, withNorm));
            }
        });
        return ranks;
    }

    private void rank(double[][] columns) {
        parallel.forRanges(columns.length, (from, to) -> {
            for (int q = (int) from; q < to; q++) {
                columns[q] = Ranks.of(columns[q]);
            }
        });
    }

    private List<SortedMap<Baseline, Resemblance>> baselines(ScoreLookup lookup, int[] shuffled) {
        rank(sampledBm25);
        var length = new RankedScores(d -> lookup.tokens(d) - 1, longest, Ranks.of(sampledLengths));
        var norm = new RankedScores(lookup::gradientNorm, largestNorms, Ranks.of(sampledNorms));
        List<RankedScores> influence = list(
                queries.size(),
                q -> new RankedScores(d -> lookup.score(q, d), scores.get(q).first(Tail.TOP), sampledScores[q]));
        return list(queries.size(), q -> {
            SortedMap<Baseline, Resemblance> found = new TreeMap<>();
            if (bm25) {
                var words = new RankedScores(d -> lookup.bm25(q, d), firstByBm25.get(q), sampledBm25[q]);
                found.put(Baseline.BM25, influence.get(q).resemblance(words));
            }
            found.put(Baseline.LENGTH, influence.get(q).resemblance(length));
            found.put(Baseline.GRADIENT_NORM, influence.get(q).resemblance(norm));
            if (shuffled.length > 0) {
                found.put(Baseline.SHUFFLED, influence.get(q).resemblance(influence.get(shuffled[q])));
            }
            return found;
        });
    }

    private static List<SpreadFindings.OfGroup> means(List<InfluenceSpread> spreads, List<QueryGroup> groups) {
        List<SpreadFindings.OfGroup> means = new ArrayList<>();
        for (QueryGroup group : groups) {
            for (Tail tail : Tail.values()) {
                List<Interval> shares = list(
                        SpreadFindings.PERCENTAGES.size(), p -> mean(group, spreads, tail, one -> one.shares()[p]));
                double[] perNat = group.values(q -> spreads.get(q).tail(tail).perNat());
                means.add(new SpreadFindings.OfGroup(
                        group,
                        tail,
                        mean(group, spreads, tail, TailSpread::perNat),
                        Math.abs(Spread.of(perNat).relative()),
                        mean(group, spreads, tail, TailSpread::effectiveDocuments),
                        shares,
                        mean(group, spreads, tail, one -> one.powerLaw().slope()),
                        mean(group, spreads, tail, one -> one.powerLaw().r2())));
            }
        }
        return List.copyOf(means);
    }

    private static Interval mean(
            QueryGroup group, List<InfluenceSpread> spreads, Tail tail, ToDoubleFunction<TailSpread> of) {
        return group.mean(q -> of.applyAsDouble(spreads.get(q).tail(tail)));
    }

    private static <T> List<T> list(int count, IntFunction<T> element) {
        return IntStream.range(0, count).mapToObj(element).toList();
    }
}
