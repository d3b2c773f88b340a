package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cross-entropy and sampling from the model's own distribution. Tolerance: 4·u·(V + 32) for losses and
/// gradients near 1, since the sum over the vocabulary has V terms.
public interface LossContract extends Contract {
    /// Around the lane widths, and none without a label.
    List<Integer> VOCABULARIES = List.of(1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000);

    @ParameterizedTest
    @ValueSource(doubles = {0, 2.5})
    default void crossEntropyIsTheWeightedSurpriseAndItsGradient(double softCap) {
        double[] weight = {1, 0, 0.5, 2};
        for (DType type : lab().computed()) {
            for (int vocabulary : VOCABULARIES) {
                int[] label = {0, vocabulary / 2, vocabulary - 1, vocabulary / 3};
                Tensor logits = lab().state(type, 4, vocabulary);
                algebra().scale(4, logits, logits);
                double[] z = lab().read(logits);
                double[] expectedLoss = new double[4];
                double[] gradient = new double[z.length];
                for (int row = 0; row < 4; row++) {
                    double[] p = softmax(Arrays.copyOfRange(z, row * vocabulary, (row + 1) * vocabulary), softCap);
                    expectedLoss[row] = -weight[row] * Math.log(p[label[row]]);
                    for (int v = 0; v < vocabulary; v++) {
                        int i = row * vocabulary + v;
                        double t = softCap == 0 ? 0 : Math.tanh(z[i] / softCap);
                        gradient[i] = weight[row] * (p[v] - (v == label[row] ? 1 : 0)) * (1 - t * t);
                    }
                }
                Tensor losses = lab().blank(DType.FLOAT64, 4);
                Tensor labels = lab().integers(label);
                algebra().crossEntropy(logits, labels, lab().of(DType.FLOAT64, weight, 4), softCap, losses);
                double tolerance = 4 * Lab.arithmetic(type) * (vocabulary + 32);
                lab().assertHolds(losses, expectedLoss, tolerance);
                lab().assertHolds(logits, gradient, tolerance);
                assertThat(lab().read(losses)[1]).isZero();
                assertThat(lab().read(logits.select(0, 1)))
                        .usingComparatorWithPrecision(0.0)
                        .containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.5})
    default void crossEntropyLeavesTheGradientOfItsLosses(double softCap) {
        Tensor z = lab().state(DType.FLOAT64, 3, 9);
        Tensor labels = lab().integers(4, 0, 8);
        Tensor weights = lab().of(DType.FLOAT64, new double[] {1, 0.25, 3}, 3);
        Tensor losses = lab().blank(DType.FLOAT64, 3);
        Tensor logits = lab().blank(DType.FLOAT64, 3, 9);
        Tensor gradient = lab().blank(DType.FLOAT64, 3, 9);
        algebra().copy(z, gradient);
        algebra().crossEntropy(gradient, labels, weights, softCap, losses);
        lab().assertGradient(gradient, z, () -> {
            algebra().copy(z, logits);
            algebra().crossEntropy(logits, labels, weights, softCap, losses);
            return lab().weighted(losses, new double[] {1, 1, 1});
        });
    }

    @Test
    default void crossEntropyOfLargeLogitsStaysFinite() {
        for (DType type : lab().computed()) {
            Tensor logits = lab().blank(type, 2, 3);
            lab().write(new double[] {8192, -8192, 0, -8192, 8192, 8192}, logits);
            Tensor losses = lab().blank(DType.FLOAT64, 2);
            Tensor weights = lab().of(DType.FLOAT64, new double[] {1, 1}, 2);
            algebra().crossEntropy(logits, lab().integers(1, 2), weights, 0, losses);
            lab().assertHolds(losses, new double[] {16384, Math.log(2)}, 16384 * Lab.arithmetic(type));
            lab().assertHolds(logits, new double[] {1, -1, 0, 0, 0.5, -0.5}, 4 * Lab.arithmetic(type));
        }
    }

    @Test
    default void crossEntropyOfNoRowsIsNothing() {
        Tensor losses = lab().blank(DType.FLOAT64, 0);
        algebra()
                .crossEntropy(
                        lab().blank(DType.FLOAT32, 0, 5), lab().integers(), lab().blank(DType.FLOAT64, 0), 0, losses);
        assertThat(lab().read(losses)).isEmpty();
    }

    @Test
    default void aRowsLossDoesNotDependOnTheOtherRows() {
        Tensor together = lab().state(DType.FLOAT32, 5, 65);
        Tensor alone = lab().blank(DType.FLOAT32, 1, 65);
        algebra().copy(together.rows(3, 4), alone);
        Tensor losses = lab().blank(DType.FLOAT64, 5);
        Tensor loss = lab().blank(DType.FLOAT64, 1);
        double[] ones = {1, 1, 1, 1, 1};
        algebra().crossEntropy(together, lab().integers(1, 2, 3, 4, 5), lab().of(DType.FLOAT64, ones, 5), 0, losses);
        algebra().crossEntropy(alone, lab().integers(4), lab().of(DType.FLOAT64, new double[] {1}, 1), 0, loss);
        double tolerance = 4 * 0x1p-24 * (65 + 32);
        assertSameInCompany(loss, lab().read(losses.rows(3, 4)), tolerance);
        double[] gradient = lab().read(together.rows(3, 4));
        assertSameInCompany(alone, gradient, tolerance);
    }

    // ---- sampling ----

    @Test
    default void samplingTakesTheFirstLabelWhoseCumulatedProbabilityExceedsTheNumber() {
        double[] uniform = {0, 0.2499, 0.25, 0.4999, 0.5, 0.75, 1 - 0x1p-53};
        for (DType type : lab().computed()) {
            Tensor logits = lab().of(type, new double[28], 7, 4);
            expectLabels(logits, uniform, 0, 0, 1, 1, 2, 3, 3);
        }
    }

    @Test
    default void samplingNeverTakesAnImpossibleLabel() {
        double none = Double.NEGATIVE_INFINITY;
        double[] row = {none, 0, none, 0, none};
        double[] rows = new double[20];
        Arrays.setAll(rows, i -> row[i % 5]);
        for (DType type : lab().computed()) {
            expectLabels(lab().of(type, rows, 4, 5), new double[] {0, 0.49, 0.5, 1 - 0x1p-53}, 1, 1, 3, 3);
        }
    }

    private void expectLabels(Tensor logits, double[] uniform, int... expected) {
        Tensor labels = lab().blank(DType.INT32, uniform.length);
        algebra().sampleLabels(logits, 0, lab().of(DType.FLOAT64, uniform, uniform.length), labels);
        lab().assertSame(labels, Arrays.stream(expected).asDoubleStream().toArray());
    }

    /// Numbers that lie within rounding of a boundary may fall on either side; they are put in the middle instead.
    @ParameterizedTest
    @ValueSource(doubles = {0, 3})
    default void samplingInvertsTheDistributionFunction(double softCap) {
        for (DType type : lab().computed()) {
            for (int vocabulary : VOCABULARIES) {
                int rows = 40;
                Tensor logits = lab().state(type, rows, vocabulary);
                algebra().scale(5, logits, logits);
                double[] z = lab().read(logits);
                double[] uniform =
                        Arrays.stream(lab().numbers(rows)).map(Math::abs).toArray();
                double[] expected = new double[rows];
                double margin = 4 * Lab.arithmetic(type) * (vocabulary + 32);
                for (int row = 0; row < rows; row++) {
                    double[] p = softmax(Arrays.copyOfRange(z, row * vocabulary, (row + 1) * vocabulary), softCap);
                    int v = 0;
                    double below = 0;
                    while (v < vocabulary - 1 && below + p[v] <= uniform[row]) {
                        below += p[v++];
                    }
                    expected[row] = v;
                    boolean nearBoundary = uniform[row] - below < margin || below + p[v] - uniform[row] < margin;
                    uniform[row] = nearBoundary ? below + p[v] / 2 : uniform[row];
                }
                Tensor labels = lab().blank(DType.INT32, rows);
                algebra().sampleLabels(logits, softCap, lab().of(DType.FLOAT64, uniform, rows), labels);
                lab().assertSame(labels, expected);
                lab().assertSame(logits, z);
            }
        }
    }

    @Test
    default void lossesRefuseWrongShapesAndTypes() {
        Tensor logits = lab().random(DType.FLOAT32, 3, 4);
        Tensor labels = lab().integers(0, 1, 2);
        Tensor three = lab().random(DType.FLOAT64, 3);
        Tensor two = lab().random(DType.FLOAT64, 2);
        LinearAlgebra algebra = algebra();
        assertRefuses(() -> algebra.crossEntropy(logits, lab().integers(1), three, 0, three), "labels", "[3]", "[1]");
        assertRefuses(() -> algebra.crossEntropy(logits, three, three, 0, three), "labels", "INT32", "got FLOAT64");
        assertRefuses(() -> algebra.crossEntropy(logits, labels, two, 0, three), "weights", "[3]", "got [2]");
        assertRefuses(() -> algebra.crossEntropy(logits, labels, three, 0, two), "losses", "[3]", "got [2]");
        assertRefuses(() -> algebra.sampleLabels(logits, 0, two, labels), "uniforms", "[3]", "got [2]");
        assertRefuses(() -> algebra.sampleLabels(logits, 0, three, lab().integers(1)), "labels", "[3]", "got [1]");
    }

    private static double[] softmax(double[] logits, double softCap) {
        double[] p = Arrays.stream(logits)
                .map(z -> Math.exp(softCap == 0 ? z : softCap * Math.tanh(z / softCap)))
                .toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(x -> x / sum).toArray();
    }
}
