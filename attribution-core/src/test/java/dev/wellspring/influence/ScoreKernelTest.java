package dev.wellspring.influence;

import static dev.wellspring.curvature.SeededRows.DOWN;
import static dev.wellspring.curvature.SeededRows.GATE;
import static dev.wellspring.curvature.SeededRows.MODULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.SeededRows;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreKernelTest {
    private static final int Q = 3;
    private static final SeededRows QUERIES = new SeededRows(5, 6, 4);
    private static final SeededRows DOCUMENTS = new SeededRows(4, 1, 7, 3, 12);
    private static final BatchCapacity CAPACITY = new BatchCapacity(27, 5);
    private static final ScoreOptions EVERYTHING = new ScoreOptions(true, true, true);
    private static final ScoreOptions SUMS = new ScoreOptions(false, true, true);
    private static final long PLENTY = 1 << 20;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFullScoreIsTheInnerProductOfTheGradients(boolean byRows) {
        try (var block = block(QueryBlock.FULL);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, byRows ? EVERYTHING : SUMS, PLENTY)) {
            assertThat(kernel.plans())
                    .extracting(ContractionPlan::contraction)
                    .containsOnly(byRows ? Contraction.ROWS : Contraction.FORMED);
            BatchScores scores = scoreAll(kernel);
            for (int d = 0; d < 5; d++) {
                for (int q = 0; q < Q; q++) {
                    double expected = 0;
                    for (LinearModule module : MODULES) {
                        expected += dot(gradient(QUERIES, module, q), gradient(DOCUMENTS, module, d));
                    }
                    assertThat(scores.ofDocument(d)[q]).isCloseTo(expected, within(1e-11));
                }
            }
        }
    }

    /// By rows and by documents, with memory for everything and with memory for one row or document at a time.
    @ParameterizedTest
    @CsvSource({"0, 1048576", "2, 1048576", "3, 1048576", "0, 1", "2, 1", "3, 1"})
    void bothContractionsAgree(int rank, long scratchBytes) {
        try (var block = block(rank);
                var byRows = new ScoreKernel(algebra, block, CAPACITY, EVERYTHING, scratchBytes);
                var byDocuments = new ScoreKernel(algebra, block, manyRows(), SUMS, scratchBytes)) {
            assertThat(byRows.plans()).extracting(ContractionPlan::contraction).containsOnly(Contraction.ROWS);
            assertThat(byDocuments.plans())
                    .extracting(ContractionPlan::contraction)
                    .containsOnly(Contraction.FORMED);
            BatchScores one = scoreAll(byRows);
            BatchScores other = scoreAll(byDocuments);
            assertThat(other.scores()).containsExactly(one.scores(), within(1e-11));
            assertThat(other.squaredNorms()).containsExactly(one.squaredNorms(), within(1e-10));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void sharesOfRowsAndOfModulesAddUpToTheScore(int rank) {
        try (var block = block(rank);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, EVERYTHING, PLENTY)) {
            BatchScores scores = scoreAll(kernel);
            for (int d = 0; d < 5; d++) {
                double[][] rows = scores.rowsOfDocument(d);
                double[][] modules = scores.modulesOfDocument(d);
                for (int q = 0; q < Q; q++) {
                    assertThat(rows[q]).hasSize(DOCUMENTS.lengths()[d]);
                    assertThat(sum(rows[q])).isCloseTo(scores.ofDocument(d)[q], within(1e-11));
                    double total = 0;
                    for (double[] module : modules) {
                        total += module[q];
                    }
                    assertThat(total).isCloseTo(scores.ofDocument(d)[q], within(1e-11));
                }
            }
            assertThat(scores.moduleScores().keySet()).containsExactlyElementsOf(MODULES);
        }
    }

    /// Documents of 1 to 3 rows take the Gram trick in modules of this size, longer ones form their gradient.
    @Test
    void normsAreThoseOfTheGradients() {
        try (var block = block(1);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, EVERYTHING, PLENTY)) {
            double[] norms = scoreAll(kernel).squaredNorms();
            for (int d = 0; d < 5; d++) {
                double expected = 0;
                for (LinearModule module : MODULES) {
                    double[] gradient = gradient(DOCUMENTS, module, d);
                    expected += dot(gradient, gradient);
                }
                assertThat(norms[d]).isCloseTo(expected, within(1e-10));
            }
        }
    }

    @Test
    void scoreIsZeroForAnOrthogonalDocument() {
        try (var block = block(2);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, SUMS, PLENTY)) {
            DOCUMENTS.replay(
                    algebra,
                    DType.FLOAT64,
                    (module, a, g, segments) -> {
                        algebra.fill(a, 0);
                        kernel.accept(module, a, g, segments);
                    },
                    0);
            assertThat(kernel.finish().scores()).containsOnly(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2, true", "0, false", "2, false"})
    void aDocumentsScoresDoNotDependOnTheBatch(int rank, boolean byRows) {
        ScoreOptions options = byRows ? EVERYTHING : SUMS;
        try (var block = block(rank);
                var kernel = new ScoreKernel(algebra, block, byRows ? CAPACITY : manyRows(), options, 2000)) {
            BatchScores together = scoreAll(kernel);
            for (int d = 0; d < 5; d++) {
                DOCUMENTS.replay(algebra, DType.FLOAT64, kernel, d);
                BatchScores alone = kernel.finish();
                assertThat(alone.scores()).isEqualTo(together.ofDocument(d));
                assertThat(alone.squaredNorms()[0]).isEqualTo(together.squaredNorms()[d]);
                assertThat(alone.modulesOfDocument(0)).isDeepEqualTo(together.modulesOfDocument(d));
                if (byRows) {
                    assertThat(alone.rowsOfDocument(0)).isDeepEqualTo(together.rowsOfDocument(d));
                }
            }
        }
    }

    @Test
    void whatIsNotAskedForIsEmpty() {
        try (var block = block(2);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, ScoreOptions.scoresOnly(), PLENTY)) {
            BatchScores scores = scoreAll(kernel);
            assertThat(scores.scores()).hasSize(5 * Q);
            assertThat(scores.rowScores()).isEmpty();
            assertThat(scores.moduleScores()).isEmpty();
            assertThat(scores.squaredNorms()).isEmpty();
        }
    }

    @Test
    void aBatchThatLacksAModuleHasNoScores() {
        try (var block = block(2);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, SUMS, PLENTY)) {
            DOCUMENTS.replay(
                    algebra,
                    DType.FLOAT64,
                    (module, a, g, segments) -> {
                        if (module.equals(DOWN)) {
                            kernel.accept(module, a, g, segments);
                        }
                    },
                    0);
            assertThatIllegalStateException()
                    .isThrownBy(kernel::finish)
                    .withMessage("batch: expected 3 modules before its end, got 1");
        }
    }

    @Test
    void aModuleCountsOnceInABatch() {
        try (var block = block(2);
                var kernel = new ScoreKernel(algebra, block, CAPACITY, SUMS, PLENTY)) {
            DOCUMENTS.replay(algebra, DType.FLOAT64, kernel, 0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DOCUMENTS.replay(algebra, DType.FLOAT64, kernel, 1))
                    .withMessage("module: expected each of the block's modules once in a batch, got mlp.down");
        }
    }

    @Test
    void aBatchBeyondTheCapacityIsRefused() {
        try (var block = block(2);
                var kernel = new ScoreKernel(algebra, block, new BatchCapacity(10, 2), SUMS, PLENTY)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DOCUMENTS.replay(algebra, DType.FLOAT64, kernel, 0, 2))
                    .withMessage("batch: expected at most 10 rows and 2 documents, got 11 and 2");
        }
    }

    /// 512 rows each of 16 documents, 64 queries and a 1024 x 4096 module: the counts of the package's formulas.
    @Test
    void thePlanNamesTheOperationsOfBothContractions() {
        var module = new LinearModule("mlp.up", 0, LinearModule.Part.MLP, 1024, 4096, false, "mlp.input");
        var capacity = new BatchCapacity(16 * 512, 16);
        var low = ContractionPlan.of(module, 1, 64, capacity, 16, ScoreOptions.scoresOnly());
        assertThat(low.contraction()).isEqualTo(Contraction.ROWS);
        assertThat(low.rowsOperations()).isEqualTo(2L * 8192 * 64 * (1024 + 4096 + 1));
        assertThat(low.operations()).isEqualTo(low.rowsOperations());
        var high = ContractionPlan.of(module, 64, 64, capacity, 8, ScoreOptions.scoresOnly());
        assertThat(high.contraction()).isEqualTo(Contraction.FORMED);
        assertThat(high.formedOperations())
                .isEqualTo(2L * 1024 * 4096 * (8192 + 16 * 64 + 2 * 64 * 64))
                .isEqualTo(high.operations());
        var withRows = ContractionPlan.of(module, 64, 64, capacity, 8, new ScoreOptions(true, false, false));
        assertThat(withRows.contraction()).isEqualTo(Contraction.ROWS);
    }

    @Test
    void scratchMemoryStaysWithinItsBudget() {
        var module = new LinearModule("mlp.up", 0, LinearModule.Part.MLP, 1024, 4096, false, "mlp.input");
        var capacity = new BatchCapacity(16 * 512, 16);
        long budget = 64L << 20;
        for (int rank : new int[] {1, 64, QueryBlock.FULL}) {
            long results = 8L * (64 * (8192 + 3 * 16) + 16);
            assertThat(ScoreKernel.byteSize(
                            List.of(module), 64, rank, DType.FLOAT32, capacity, ScoreOptions.scoresOnly(), budget))
                    .isBetween(results, results + budget);
        }
    }

    @Test
    void coverageIsTheTrackedShareOfTheSquaredGradientNorm() {
        try (var coverage = new Coverage(algebra, MODULES, CAPACITY, DType.FLOAT64)) {
            DOCUMENTS.replay(algebra, DType.FLOAT64, coverage, 0, 1, 2);
            DOCUMENTS.replay(algebra, DType.FLOAT64, coverage, 3, 4);
            Coverage.Summary summary = coverage.summary(Set.of(GATE, DOWN), 1000);
            double total = 0;
            double[] norms = new double[3];
            for (int m = 0; m < 3; m++) {
                for (int d = 0; d < 5; d++) {
                    double[] gradient = gradient(DOCUMENTS, MODULES.get(m), d);
                    norms[m] += dot(gradient, gradient);
                }
                total += norms[m];
            }
            for (int m = 0; m < 3; m++) {
                assertThat(summary.shares().get(m).share()).isCloseTo(norms[m] / total, within(1e-13));
            }
            assertThat(summary.trackedShare()).isCloseTo((norms[0] + norms[2]) / total, within(1e-13));
            assertThat(summary.trackedParameters()).isEqualTo(54 + 70);
            assertThat(summary.untrackedParameters()).isEqualTo(54);
            assertThat(summary.otherParameters()).isEqualTo(1000 - 178);
        }
    }

    /// So many rows for each document that forming gradients is cheaper in every module.
    private static BatchCapacity manyRows() {
        return new BatchCapacity(2000, 5);
    }

    private QueryBlock block(int rank) {
        var block = new QueryBlock(algebra, Q, rank, DType.FLOAT64);
        try (var gradients = new QueryGradients(algebra, MODULES, Q, DType.FLOAT64)) {
            QUERIES.replayAll(algebra, DType.FLOAT64, gradients);
            MODULES.forEach(module -> block.put(module, gradients.gradients(module)));
        }
        return block;
    }

    private BatchScores scoreAll(ScoreKernel kernel) {
        DOCUMENTS.replayAll(algebra, DType.FLOAT64, kernel);
        return kernel.finish();
    }

    private static double[] gradient(SeededRows rows, LinearModule module, int document) {
        return SeededRows.flat(rows.gradient(module, document));
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
