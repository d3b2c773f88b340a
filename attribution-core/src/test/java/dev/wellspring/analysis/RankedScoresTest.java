package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.rank.Agreement;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankedScoresTest {
    private static final double NAN = Double.NaN;

    @Test
    void whatIsRankedAlikeIsSharedInFull() {
        double[] scores = random(500, 1);
        double[] stretched = IntStream.range(0, 500)
                .mapToDouble(d -> Math.exp(scores[d]) - 7)
                .toArray();
        assertThat(resemblance(scores, stretched)).isEqualTo(new Resemblance(10, 100, 1));
    }

    @Test
    void sharedDocumentsAndCorrelationsAreThoseOfAgreement() {
        double[] scores = random(500, 1);
        double[] noise = random(500, 2);
        double[] other = IntStream.range(0, 500)
                .mapToDouble(d -> scores[d] + noise[d] / 2)
                .toArray();
        Resemblance found = resemblance(scores, other);
        assertThat(found.top10())
                .isEqualTo(10 - Agreement.changed(other, scores, 10))
                .isBetween(1.0, 9.0);
        assertThat(found.top100()).isEqualTo(100 - Agreement.changed(other, scores, 100));
        assertThat(found.spearman()).isCloseTo(Agreement.of(other, scores).spearman(), within(1e-12));
    }

    /// Of 20 documents the first by score is also the other's best; of the 12 that follow there, all alike, 9 are drawn
    /// by lot, so that each of the 4 that are among the first 10 by score counts 9/12.
    @Test
    void documentsThatAreAlikeCountWithTheirChance() {
        double[] scores = IntStream.range(0, 20).mapToDouble(d -> -d).toArray();
        double[] other = new double[20];
        other[0] = 2;
        for (int d : new int[] {1, 2, 3, 4, 12, 13, 14, 15, 16, 17, 18, 19}) {
            other[d] = 1;
        }
        assertThat(resemblance(scores, other).top10()).isCloseTo(1 + 4 * 9.0 / 12, within(1e-12));
        double[] alike = new double[20];
        assertThat(resemblance(scores, alike).top10()).as("10 of 20 by chance").isCloseTo(5, within(1e-12));
        assertThat(resemblance(scores, alike).spearman()).isNaN();
    }

    @Test
    void fewDocumentsAreAllAmongTheFirst() {
        assertThat(resemblance(new double[] {1, 2, 3}, new double[] {3, 2, 1})).isEqualTo(new Resemblance(3, 3, -1));
        assertThat(resemblance(new double[] {1}, new double[] {1}).spearman()).isNaN();
        assertThat(resemblance(new double[] {}, new double[] {}).top10()).isZero();
    }

    @Test
    void aDocumentWithoutAScoreComesLast() {
        double[] scores = {NAN, 3, 2, 1};
        assertThat(resemblance(scores, new double[] {-9, 3, 2, 1})).isEqualTo(new Resemblance(3, 3, 1));
        assertThat(resemblance(new double[] {0, 3, 2, 1}, scores).top10()).isEqualTo(3);
        assertThat(resemblance(new double[] {NAN, NAN}, new double[] {NAN, NAN}).top10())
                .isZero();
    }

    @Test
    void samplesAreEverythingOrDrawnInOrder() {
        assertThat(RankedScores.sample(7, 0)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        int[] sample = RankedScores.sample(1_000_000, 5);
        assertThat(sample)
                .hasSize(100_000)
                .isSorted()
                .doesNotHaveDuplicates()
                .isEqualTo(RankedScores.sample(1_000_000, 5));
        assertThat(IntStream.of(sample).average().orElseThrow()).isCloseTo(500_000, within(5_000.0));
    }

    private static Resemblance resemblance(double[] scores, double[] other) {
        int[] sample = RankedScores.sample(scores.length, 0);
        return new RankedScores(scores, sample).resemblance(new RankedScores(other, sample));
    }

    private static double[] random(int count, long seed) {
        return new SplittableRandom(seed).doubles(count).toArray();
    }
}
