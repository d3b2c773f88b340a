package dev.wellspring.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void nothingHasNoMean() {
        assertThat(Bootstrap.mean(new double[0], 0).estimate()).isNaN();
        assertThat(Bootstrap.pairs(new int[0], new int[0], new double[0], new int[0], 0)
                        .low())
                .isNaN();
    }

    @Test
    void ofASingleValueNothingIsKnownOfTheInterval() {
        assertThat(Bootstrap.mean(new double[] {3}, 0)).isEqualTo(new Interval(3, Double.NaN, Double.NaN));
    }

    @Test
    void pairsThatAreAllAlikeHaveNoDoubt() {
        int[] first = {0, 0, 1};
        int[] second = {1, 2, 2};
        Interval found = Bootstrap.pairs(first, second, new double[] {0.5, 0.5, 0.5}, new int[3], 1);
        assertThat(found).isEqualTo(new Interval(0.5, 0.5, 0.5));
    }

    /// The value of a pair is the product of what its members are worth, so that the interval is as wide as the
    /// doubt about members, which is wider than that about as many single values.
    @Test
    void membersAreResampledAndNotPairs() {
        int members = 30;
        double[] worth = new SplittableRandom(2).doubles(members, 0.5, 1.5).toArray();
        int pairs = members * (members - 1) / 2;
        int[] first = new int[pairs];
        int[] second = new int[pairs];
        double[] values = new double[pairs];
        int next = 0;
        for (int i = 0; i < members; i++) {
            for (int j = 0; j < i; j++) {
                first[next] = i;
                second[next] = j;
                values[next++] = worth[i] * worth[j];
            }
        }
        Interval found = Bootstrap.pairs(first, second, values, new int[members], 3);
        Interval single = Bootstrap.mean(values, 3);
        assertThat(found.estimate()).isCloseTo(single.estimate(), within(1e-12));
        double doubt = 2 * 1.96 * 2 * Math.sqrt(1 / 12d / members); // 2 mean sd(worth) / √members, mean 1
        assertThat(found.high() - found.low()).isCloseTo(doubt, within(0.3 * doubt));
        assertThat(found.high() - found.low()).isGreaterThan(1.8 * (single.high() - single.low()));
    }
}
