package dev.wellspring.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.validation.DatamodellingScore.Means;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatamodellingScoreTest {
    private static final int DOCUMENTS = 60;
    private static final int QUERIES = 12;
    private static final List<String> ONE_KIND = Collections.nCopies(QUERIES, "factual");
    private static final List<String> TWO_KINDS = IntStream.range(0, QUERIES)
            .mapToObj(q -> q % 3 == 0 ? "reasoning" : "factual")
            .toList();

    private final List<BitSet> subsets = Subsets.draw(DOCUMENTS, 0.5, 40, 3);
    private final double[][] effects = numbers(QUERIES, DOCUMENTS, 1);

    /// Losses that fall by exactly the effects of the documents in a subset.
    private double[][] losses() {
        double[][] losses = new double[subsets.size()][QUERIES];
        for (int s = 0; s < subsets.size(); s++) {
            for (int q = 0; q < QUERIES; q++) {
                int query = q;
                losses[s][q] = 5
                        - subsets.get(s).stream()
                                .mapToDouble(d -> effects[query][d])
                                .sum();
            }
        }
        return losses;
    }

    @Test
    void scoresThatAreTheEffectsHaveOneAndTheirOppositesMinusOne() {
        var score = new DatamodellingScore(subsets, losses(), ONE_KIND);
        assertThat(Arrays.stream(score.perQuery(effects)).boxed())
                .hasSize(QUERIES)
                .allSatisfy(lds -> assertThat(lds).isCloseTo(1, within(1e-12)));
        assertThat(score.mean(effects, 1).all().low()).isCloseTo(1, within(1e-12));
        double[][] opposites = new double[QUERIES][DOCUMENTS];
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < DOCUMENTS; d++) {
                opposites[q][d] = -3 * effects[q][d];
            }
        }
        assertThat(score.mean(opposites, 1).all().estimate()).isCloseTo(-1, within(1e-12));
    }

    @Test
    void scoresThatKnowNothingHaveAboutZero() {
        var score = new DatamodellingScore(subsets, losses(), ONE_KIND);
        Interval chance = score.mean(numbers(QUERIES, DOCUMENTS, 99), 1).all();
        assertThat(chance.low()).isNegative();
        assertThat(chance.high()).isPositive();
        assertThat(chance.apartFrom(score.mean(effects, 1).all())).isTrue();
        assertThat(score.mean(numbers(QUERIES, DOCUMENTS, 99), 1).all()).isEqualTo(chance);
    }

    @Test
    void leadsArePaired() {
        var score = new DatamodellingScore(subsets, losses(), ONE_KIND);
        double[][] noisy = noisy(1, 7);
        Interval lead = score.lead(effects, noisy, 1).all();
        assertThat(lead.estimate())
                .isCloseTo(
                        score.mean(effects, 1).all().estimate()
                                - score.mean(noisy, 1).all().estimate(),
                        within(1e-12));
        assertThat(lead.low()).isPositive();
        assertThat(score.lead(noisy, noisy, 1).all()).isEqualTo(new Interval(0, 0, 0));
        assertThat(score.lead(effects, new double[QUERIES][DOCUMENTS], 1).all().estimate())
                .isNaN();
        double[][] noisier = noisy(1.1, 7);
        assertThat(width(score.lead(noisy, noisier, 1).all()))
                .as("both methods have the queries and subsets of a resample")
                .isLessThan(0.3 * width(score.mean(noisier, 1).all()));
    }

    /// Of eight queries the rank correlation is 1 and of four −1, whatever the subsets, so that only the mix of
    /// kinds could vary: by 2 · 1.96 · √(1 − 1/9) / √12 = 1.07 if all queries were resampled together.
    @Test
    void kindsAreResampledEachByItself() {
        double[][] scores = new double[QUERIES][DOCUMENTS];
        double[][] opposites = new double[QUERIES][DOCUMENTS];
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < DOCUMENTS; d++) {
                scores[q][d] = TWO_KINDS.get(q).equals("reasoning") ? -effects[q][d] : effects[q][d];
                opposites[q][d] = -scores[q][d];
            }
        }
        var score = new DatamodellingScore(subsets, losses(), TWO_KINDS);
        Means mean = score.mean(scores, 1);
        assertAlways(mean.all(), 1 / 3.0);
        assertThat(mean.kinds()).containsOnlyKeys("factual", "reasoning");
        assertAlways(ofKind(mean, "factual"), 1);
        assertAlways(ofKind(mean, "reasoning"), -1);
        assertAlways(score.lead(scores, opposites, 1).all(), 2 / 3.0);
        Interval together = new DatamodellingScore(subsets, losses(), ONE_KIND)
                .mean(scores, 1)
                .all();
        assertThat(width(together)).isCloseTo(1.07, within(0.2));
    }

    /// The same scores, whose rank correlations differ from query to query but not with the subsets.
    @Test
    void theseQueriesAreNotResampled() {
        double[][] scores = new double[QUERIES][DOCUMENTS];
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < DOCUMENTS; d++) {
                scores[q][d] = TWO_KINDS.get(q).equals("reasoning") ? -effects[q][d] : effects[q][d];
            }
        }
        var score = new DatamodellingScore(subsets, losses(), ONE_KIND);
        assertAlways(score.meanOfTheseQueries(scores, 1).all(), 1 / 3.0);
        double[][] noisy = noisy(1, 7);
        Interval these = score.meanOfTheseQueries(noisy, 1).all();
        Interval such = score.mean(noisy, 1).all();
        assertThat(these.estimate()).isEqualTo(such.estimate());
        assertThat(width(these)).isBetween(1e-6, width(such));
    }

    @Test
    void oneKindIsThePlainBootstrap() {
        double[][] noisy = noisy(1, 7);
        double[][] noisier = noisy(2, 8);
        double[][] losses = losses();
        double[] means = new double[1000];
        double[] leads = new double[1000];
        var random = new SplittableRandom(5);
        for (int r = 0; r < means.length; r++) {
            int[] drawn = random.ints(subsets.size(), 0, subsets.size()).toArray();
            var resample = new DatamodellingScore(
                    IntStream.of(drawn).mapToObj(subsets::get).toList(),
                    IntStream.of(drawn).mapToObj(s -> losses[s]).toArray(double[][]::new),
                    ONE_KIND);
            double[] each = resample.perQuery(noisy);
            double[] other = resample.perQuery(noisier);
            for (int q : random.ints(QUERIES, 0, QUERIES).toArray()) {
                means[r] += each[q] / QUERIES;
                leads[r] += (each[q] - other[q]) / QUERIES;
            }
        }
        var score = new DatamodellingScore(subsets, losses, ONE_KIND);
        Means mean = score.mean(noisy, 5);
        assertClose(mean.all(), Interval.of(mean.all().estimate(), means));
        assertThat(mean.kinds()).isEqualTo(Map.of("factual", mean.all()));
        Interval lead = score.lead(noisy, noisier, 5).all();
        assertClose(lead, Interval.of(lead.estimate(), leads));
    }

    @Test
    void queriesWithoutANumberDoNotCount() {
        double[][] scores = effects.clone();
        scores[1] = new double[DOCUMENTS];
        List<String> kinds = IntStream.range(0, QUERIES)
                .mapToObj(q -> q == 0 ? "control" : q == 1 ? "reasoning" : "factual")
                .toList();
        Means mean = new DatamodellingScore(subsets, losses(), kinds).mean(scores, 1);
        assertAlways(mean.all(), 1);
        assertAlways(ofKind(mean, "control"), 1);
        assertThat(ofKind(mean, "reasoning")).isEqualTo(new Interval(Double.NaN, Double.NaN, Double.NaN));
    }

    @Test
    void everyQueryHasAKind() {
        assertThatThrownBy(() -> new DatamodellingScore(subsets, losses(), List.of("factual")))
                .hasMessageContaining("kinds: expected 12, one for each query, got 1");
    }

    /// Ranks 1 2 3 4 against 2 1 4 3: 1 − 6·4/(4·15) = 0.6.
    @Test
    void correlationIsSpearmans() {
        List<BitSet> four = List.of(
                BitSet.valueOf(new long[] {1}),
                BitSet.valueOf(new long[] {2}),
                BitSet.valueOf(new long[] {4}),
                BitSet.valueOf(new long[] {8}));
        var score = new DatamodellingScore(four, new double[][] {{-2}, {-1}, {-40}, {-3}}, List.of("factual"));
        assertThat(score.perQuery(new double[][] {{1, 2, 3, 4}})[0]).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void scoresThatAreEqualForAllDocumentsHaveNone() {
        var score = new DatamodellingScore(subsets, losses(), ONE_KIND);
        assertThat(score.perQuery(new double[QUERIES][DOCUMENTS])).containsOnly(Double.NaN);
        assertThat(score.mean(new double[QUERIES][DOCUMENTS], 1).all().estimate())
                .isNaN();
    }

    @Test
    void subsetsAreOfOneSizeAndDrawnFromAll() {
        int[] seen = new int[DOCUMENTS];
        for (BitSet subset : subsets) {
            assertThat(subset.cardinality()).isEqualTo(30);
            subset.stream().forEach(d -> seen[d]++);
        }
        assertThat(Arrays.stream(seen).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(8, 32)); // 40·½ ± 4 deviations of 3.2
        assertThat(Subsets.draw(DOCUMENTS, 0.5, 40, 3)).isEqualTo(subsets);
        assertThat(Subsets.draw(DOCUMENTS, 0.5, 40, 4)).isNotEqualTo(subsets);
        assertThatThrownBy(() -> Subsets.draw(10, 1, 1, 0)).hasMessageContaining("1 to 9 of 10 documents");
    }

    /// The effects with noise.
    private double[][] noisy(double noise, long seed) {
        double[][] noisy = numbers(QUERIES, DOCUMENTS, seed);
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < DOCUMENTS; d++) {
                noisy[q][d] = effects[q][d] + noise * noisy[q][d];
            }
        }
        return noisy;
    }

    private static Interval ofKind(Means means, String kind) {
        return Objects.requireNonNull(means.kinds().get(kind));
    }

    private static double width(Interval interval) {
        return interval.high() - interval.low();
    }

    private static void assertAlways(Interval found, double value) {
        assertClose(found, new Interval(value, value, value));
    }

    private static void assertClose(Interval found, Interval expected) {
        assertThat(found.estimate()).isCloseTo(expected.estimate(), within(1e-12));
        assertThat(found.low()).isCloseTo(expected.low(), within(1e-12));
        assertThat(found.high()).isCloseTo(expected.high(), within(1e-12));
    }

    private static double[][] numbers(int rows, int columns, long seed) {
        var random = new SplittableRandom(seed);
        double[][] numbers = new double[rows][];
        for (int row = 0; row < rows; row++) {
            numbers[row] = random.doubles(columns, -1, 1).toArray();
        }
        return numbers;
    }
}
