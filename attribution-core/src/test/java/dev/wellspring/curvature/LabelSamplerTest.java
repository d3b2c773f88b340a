package dev.wellspring.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelSamplerTest {
    /// Computed from the definition of SplitMix64 in another language.
    @Test
    void theNumbersAreThoseOfSplitMix64() {
        assertThat(new LabelSampler(0).uniform(0, 0)).isEqualTo(0.6524484863740322);
        assertThat(new LabelSampler(0).uniform(0, 1)).isEqualTo(0.7012121095215252);
        assertThat(new LabelSampler(0).uniform(1, 0)).isEqualTo(0.27623358227789463);
        assertThat(new LabelSampler(42).uniform(1_000_000, 511)).isEqualTo(0.04474384343603133);
    }

    @Test
    void aRowsNumberDoesNotDependOnTheBatch() {
        var sampler = new LabelSampler(7);
        double[] together = sampler.uniforms(new long[] {5, 9}, new int[] {0, 3, 5});
        assertThat(together).startsWith(sampler.uniforms(new long[] {5}, new int[] {0, 3}));
        assertThat(together).endsWith(sampler.uniforms(new long[] {9}, new int[] {0, 2}));
    }

    /// The mean of n uniform numbers has standard deviation 1/√(12n); so have their correlations of neighbours, about
    /// 1/√n. Five standard deviations leave a chance of one in a million.
    @Test
    void numbersAreEvenAndNeighboursIndependent() {
        int n = 100_000;
        var sampler = new LabelSampler(3);
        double[] rows =
                IntStream.range(0, n).mapToDouble(t -> sampler.uniform(0, t)).toArray();
        double[] documents =
                IntStream.range(0, n).mapToDouble(d -> sampler.uniform(d, 0)).toArray();
        for (double[] numbers : new double[][] {rows, documents}) {
            assertThat(DoubleStream.of(numbers)).allMatch(u -> u >= 0 && u < 1);
            assertThat(IntStream.range(0, n).mapToDouble(i -> numbers[i]).sum() / n)
                    .isCloseTo(0.5, within(5 / Math.sqrt(12.0 * n)));
            double covariance = IntStream.range(1, n)
                            .mapToDouble(i -> (numbers[i] - 0.5) * (numbers[i - 1] - 0.5))
                            .sum()
                    / (n - 1);
            assertThat(12 * covariance).isCloseTo(0, within(5 / Math.sqrt(n)));
        }
    }

    @Test
    void offsetsMustFitTheDocuments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelSampler(0).uniforms(new long[] {1}, new int[] {0, 1, 2}))
                .withMessage("offsets: expected 2 numbers, got 3");
    }
}
