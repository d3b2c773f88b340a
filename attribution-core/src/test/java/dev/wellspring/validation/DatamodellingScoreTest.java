package dev.wellspring.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DatamodellingScoreTest {
    private static final int DOCUMENTS = 60;
    private static final int QUERIES = 12;

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
        var score = new DatamodellingScore(subsets, losses());
        assertThat(Arrays.stream(score.perQuery(effects)).boxed())
                .hasSize(QUERIES)
                .allSatisfy(lds -> assertThat(lds).isCloseTo(1, within(1e-12)));
        assertThat(score.mean(effects, 1).low()).isCloseTo(1, within(1e-12));
        double[][] opposites = new double[QUERIES][DOCUMENTS];
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < DOCUMENTS; d++) {
                opposites[q][d] = -3 * effects[q][d];
            }
        }
        assertThat(score.mean(opposites, 1).estimate()).isCloseTo(-1, within(1e-12));
    }

    @Test
    void scoresThatKnowNothingHaveAboutZero() {
        var score = new DatamodellingScore(subsets, losses());
        Interval chance = score.mean(numbers(QUERIES, DOCUMENTS, 99), 1);
        assertThat(chance.low()).isNegative();
        assertThat(chance.high()).isPositive();
        assertThat(chance.apartFrom(score.mean(effects, 1))).isTrue();
        assertThat(score.mean(numbers(QUERIES, DOCUMENTS, 99), 1)).isEqualTo(chance);
    }

    @Test
    void leadsArePaired() {
        var score = new DatamodellingScore(subsets, losses());
        double[][] noisy = new double[QUERIES][DOCUMENTS];
        double[][] noise = numbers(QUERIES, DOCUMENTS, 7);
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < DOCUMENTS; d++) {
                noisy[q][d] = effects[q][d] + noise[q][d];
            }
        }
        Interval lead = score.lead(effects, noisy, 1);
        assertThat(lead.estimate())
                .isCloseTo(
                        score.mean(effects, 1).estimate() - score.mean(noisy, 1).estimate(), within(1e-12));
        assertThat(lead.low()).isPositive();
        assertThat(score.lead(noisy, noisy, 1)).isEqualTo(new Interval(0, 0, 0));
        assertThat(score.lead(effects, new double[QUERIES][DOCUMENTS], 1).estimate())
                .isNaN();
    }

    /// Ranks 1 2 3 4 against 2 1 4 3: 1 − 6·4/(4·15) = 0.6.
    @Test
    void correlationIsSpearmans() {
        List<BitSet> four = List.of(
                BitSet.valueOf(new long[] {1}),
                BitSet.valueOf(new long[] {2}),
                BitSet.valueOf(new long[] {4}),
                BitSet.valueOf(new long[] {8}));
        var score = new DatamodellingScore(four, new double[][] {{-2}, {-1}, {-40}, {-3}});
        assertThat(score.perQuery(new double[][] {{1, 2, 3, 4}})[0]).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void scoresThatAreEqualForAllDocumentsHaveNone() {
        var score = new DatamodellingScore(subsets, losses());
        assertThat(score.perQuery(new double[QUERIES][DOCUMENTS])).containsOnly(Double.NaN);
        assertThat(score.mean(new double[QUERIES][DOCUMENTS], 1).estimate()).isNaN();
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

    private static double[][] numbers(int rows, int columns, long seed) {
        var random = new SplittableRandom(seed);
        double[][] numbers = new double[rows][];
        for (int row = 0; row < rows; row++) {
            numbers[row] = random.doubles(columns, -1, 1).toArray();
        }
        return numbers;
    }
}
