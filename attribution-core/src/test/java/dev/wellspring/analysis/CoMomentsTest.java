package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.RowParallel;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoMomentsTest {
    /// In ranges as three threads would take them, one after the other.
    static final RowParallel THREE = (count, body) -> {
        body.accept(2 * count / 3, count);
        body.accept(count / 3, 2 * count / 3);
        body.accept(0, count / 3);
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 9})
    void correlationsAreThoseOfAnotherLibraryWhateverTheBlocks(int columns) {
        double[][] values = new double[columns][];
        var random = new SplittableRandom(columns);
        for (int i = 0; i < columns; i++) {
            double[] shared = i == 0 ? new double[997] : values[i - 1];
            double[] own = random.doubles(997, -1, 1).toArray();
            values[i] = new double[997];
            for (int d = 0; d < own.length; d++) {
                values[i][d] = own[d] + 0.7 * shared[d];
            }
        }
        double[][] found =
                moments(values, RowParallel.serial(), 1, 3, 64, 65, 500, 364).correlations();
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j < columns; j++) {
                assertThat(found[i][j])
                        .isCloseTo(new PearsonsCorrelation().correlation(values[i], values[j]), within(1e-13));
            }
        }
    }

    /// A sum of squares would have lost every digit of these deviations.
    @Test
    void nothingIsLostWhereMeansAreLarge() {
        double[] small = new SplittableRandom(3).doubles(4000).toArray();
        double[] noise = new SplittableRandom(4).doubles(4000).toArray();
        double[] other = new double[4000];
        Arrays.setAll(other, d -> small[d] + noise[d]);
        double[] shifted = Arrays.stream(small).map(x -> x + 1e9).toArray();
        double[] otherShifted = Arrays.stream(other).map(x -> x - 3e9).toArray();
        double[][] far = {shifted, otherShifted};
        assertThat(moments(far, RowParallel.serial(), 1000, 1000, 1000, 1000).correlations()[1][0])
                .isCloseTo(new PearsonsCorrelation().correlation(small, other), within(1e-6));
    }

    @Test
    void threadsChangeNothing() {
        double[][] values = {
            new SplittableRandom(1).doubles(300).toArray(),
            new SplittableRandom(2).doubles(300).toArray(),
            new SplittableRandom(3).doubles(300).toArray()
        };
        assertThat(moments(values, THREE, 100, 200).correlations())
                .isDeepEqualTo(moments(values, RowParallel.serial(), 100, 200).correlations());
    }

    @Test
    void valuesThatAreAllAlikeCorrelateWithNone() {
        double[] alike = new double[30];
        Arrays.fill(alike, 0.1);
        double[] broken = new double[30];
        broken[17] = Double.POSITIVE_INFINITY;
        double[] plain = new SplittableRandom(1).doubles(30).toArray();
        double[][] found = moments(new double[][] {alike, broken, plain}, RowParallel.serial(), 7, 23)
                .correlations();
        assertThat(found[0]).containsOnly(Double.NaN);
        assertThat(found[1]).containsOnly(Double.NaN);
        assertThat(found[2][2]).isEqualTo(1, within(1e-15));
    }

    private static CoMoments moments(double[][] values, RowParallel parallel, int... blocks) {
        var moments = new CoMoments(values.length);
        int from = 0;
        for (int count : blocks) {
            double[] means = new double[values.length];
            double[][] deviations = new double[count][values.length];
            for (int i = 0; i < values.length; i++) {
                double[] block = Arrays.copyOfRange(values[i], from, from + count);
                means[i] = CoMoments.mean(block, count);
                for (int d = 0; d < count; d++) {
                    deviations[d][i] = block[d] - means[i];
                }
            }
            moments.accept(deviations, count, means, parallel);
            from += count;
        }
        assertThat(moments.rows()).isEqualTo(values[0].length);
        return moments;
    }
}
