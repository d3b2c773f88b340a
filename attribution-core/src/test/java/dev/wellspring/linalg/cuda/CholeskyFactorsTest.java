package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CholeskyFactorsTest {
    private static final int N = 7;

    /// T = R⁻¹ is upper triangular, and TᵀGT = 1.
    @Test
    void inversesTurnABasisIntoAnOrthonormalOne() {
        double[] grams = grams(3, N);
        double[] inverses = new double[grams.length];
        for (int offset = 0; offset < grams.length; offset += N * N) {
            assertThat(CholeskyFactors.inverse(grams, offset, N, inverses)).isTrue();
        }
        for (int b = 0; b < 3; b++) {
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    double sum = 0;
                    for (int k = 0; k < N; k++) {
                        for (int l = 0; l < N; l++) {
                            sum += at(inverses, b, k, i) * at(grams, b, k, l) * at(inverses, b, l, j);
                        }
                    }
                    assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-10));
                    if (i > j) {
                        assertThat(at(inverses, b, i, j)).isZero();
                    }
                }
            }
        }
    }

    @Test
    void columnsThatDependOnOthersHaveNone() {
        assertThat(CholeskyFactors.inverse(new double[] {1, 2, 2, 4}, 0, 2, new double[4]))
                .isFalse();
        assertThat(CholeskyFactors.inverse(new double[4], 0, 2, new double[4])).isFalse();
        assertThat(CholeskyFactors.inverse(new double[] {1, 0, 0, Double.NaN}, 0, 2, new double[4]))
                .isFalse();
        assertThat(CholeskyFactors.inverse(grams(1, N - 1), 0, N, new double[N * N]))
                .isFalse();
    }

    /// XᵀX of random X with N columns.
    private static double[] grams(int batch, int rows) {
        var random = new SplittableRandom(1);
        double[] grams = new double[batch * N * N];
        for (int b = 0; b < batch; b++) {
            for (int row = 0; row < rows; row++) {
                double[] x = random.doubles(N, -1, 1).toArray();
                for (int i = 0; i < N; i++) {
                    for (int j = 0; j < N; j++) {
                        grams[(b * N + i) * N + j] += x[i] * x[j];
                    }
                }
            }
        }
        return grams;
    }

    private static double at(double[] matrices, int b, int i, int j) {
        return matrices[(b * N + i) * N + j];
    }
}
