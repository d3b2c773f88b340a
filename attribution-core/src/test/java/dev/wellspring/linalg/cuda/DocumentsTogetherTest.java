package dev.wellspring.linalg.cuda;

import static dev.wellspring.curvature.SeededRows.MODULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.curvature.SeededRows;
import dev.wellspring.influence.GradientNorms;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.influence.ScoreOptions;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What goes document by document elsewhere goes together on a device where documents are of one length; the numbers
/// are
/// those of plain loops.
class DocumentsTogetherTest {
    private static final SeededRows ROWS = new SeededRows(3, 3, 3, 1, 7, 7, 2);
    private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6};
    private static final BatchCapacity CAPACITY = new BatchCapacity(26, 7);
    private static final int QUERIES = 2;

    private final LinearAlgebra device = CudaUnderTest.open();
    private final LinearAlgebra reference = new ReferenceLinearAlgebra();

    @AfterEach
    void close() {
        device.close();
        reference.close();
    }

    @Test
    void normsAreThoseOfTheGradients() {
        double[] expected = new double[ALL.length];
        for (int d : ALL) {
            for (LinearModule module : MODULES) {
                expected[d] += Arrays.stream(SeededRows.flat(ROWS.gradient(module, d)))
                        .map(number -> number * number)
                        .sum();
            }
        }
        try (var norms = new GradientNorms(device, MODULES, CAPACITY, DType.FLOAT64);
                Tensor sums = device.allocate(DType.FLOAT64, ALL.length, 1)) {
            ROWS.replay(
                    device, DType.FLOAT64, (module, a, g, segments) -> norms.add(module, a, g, segments, sums), ALL);
            assertThat(HostArrays.download(device, sums)).containsExactly(expected, within(1e-11));
        }
    }

    @Test
    void squaresOfLambdaAreThoseOfOneAtATime() {
        long products = 2 * 70L * Double.BYTES;
        try (var expected = LambdaAccumulator.inParameterBasis(reference, MODULES, CAPACITY, DType.FLOAT64);
                var actual = LambdaAccumulator.inParameterBasis(device, MODULES, CAPACITY, DType.FLOAT64, products)) {
            ROWS.replay(reference, DType.FLOAT64, expected, ALL);
            ROWS.replay(device, DType.FLOAT64, actual, ALL);
            for (LinearModule module : MODULES) {
                assertThat(HostArrays.download(device, actual.sum(module)))
                        .containsExactly(HostArrays.download(reference, expected.sum(module)), within(1e-11));
            }
        }
    }

    @Test
    void scoresOfFormedGradientsAreThoseOfPlainLoops() {
        for (int documentRows : new int[] {1, 1000}) { // rows, and formed gradients
            double[] expected = scores(reference, documentRows);
            assertThat(scores(device, documentRows)).containsExactly(expected, within(1e-10));
        }
    }

    private static double[] scores(LinearAlgebra algebra, int documentRows) {
        var options = new ScoreOptions(false, false, true, documentRows);
        try (var work = new Workspace(algebra);
                var block = new QueryBlock(algebra, QUERIES, QueryBlock.FULL, DType.FLOAT64)) {
            for (LinearModule module : MODULES) {
                Tensor gradients = work.allocate(DType.FLOAT64, QUERIES, module.outputs(), module.activationSize());
                for (int q = 0; q < QUERIES; q++) {
                    HostArrays.upload(algebra, SeededRows.flat(ROWS.gradient(module, q)), gradients.select(0, q));
                }
                block.put(module, gradients);
            }
            try (var kernel = new ScoreKernel(algebra, block, CAPACITY, options, 1 << 20)) {
                ROWS.replay(algebra, DType.FLOAT64, kernel, ALL);
                return kernel.finish().scores();
            }
        }
    }
}
