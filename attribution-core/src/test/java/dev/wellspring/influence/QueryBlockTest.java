package dev.wellspring.influence;

import static dev.wellspring.curvature.SeededRows.DOWN;
import static dev.wellspring.curvature.SeededRows.GATE;
import static dev.wellspring.curvature.SeededRows.MODULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FittedFactors;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.curvature.SeededRows;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryBlockTest {
    private static final SeededRows QUERIES = new SeededRows(5, 6, 4);

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @TempDir
    Path folder;

    @Test
    void gradientsOfSeveralBatchesStandInTheOrderOfTheQueries() {
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64)) {
            gradients.startAt(2);
            QUERIES.replay(algebra, DType.FLOAT64, gradients, 2);
            gradients.startAt(0);
            QUERIES.replay(algebra, DType.FLOAT64, gradients, 0, 1);
            for (LinearModule module : MODULES) {
                for (int q = 0; q < 3; q++) {
                    assertThat(HostArrays.download(
                                    algebra, gradients.gradients(module).select(0, q)))
                            .containsExactly(SeededRows.flat(QUERIES.gradient(module, q)), within(1e-13));
                }
            }
        }
    }

    @Test
    void aQueryThatWasForgottenIsNamed() {
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64)) {
            QUERIES.replay(algebra, DType.FLOAT64, gradients, 0, 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> gradients.gradients(DOWN))
                    .withMessage("mlp.down: expected the gradients of 3 queries, got none for number 2");
        }
    }

    @Test
    void moreQueriesThanAnnouncedAreRefused() {
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64)) {
            gradients.startAt(2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> QUERIES.replay(algebra, DType.FLOAT64, gradients, 0, 1))
                    .withMessage("batch: expected at most 1 queries, got 2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theReportedErrorIsThatOfTheStoredFactors(int rank) {
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64);
                var block = block(gradients, rank, DType.FLOAT32)) {
            double[] error = new double[3];
            double[] norm = new double[3];
            for (LinearModule module : MODULES) {
                for (int q = 0; q < 3; q++) {
                    double[] p = HostArrays.download(
                            algebra, gradients.gradients(module).select(0, q));
                    double[] rest = rest(p, block.form(module), q);
                    assertThat(block.error(module).relative(q))
                            .isCloseTo(Math.sqrt(squared(rest) / squared(p)), within(1e-12));
                    error[q] += squared(rest);
                    norm[q] += squared(p);
                }
            }
            for (int q = 0; q < 3; q++) {
                assertThat(block.error().relative(q)).isCloseTo(Math.sqrt(error[q] / norm[q]), within(1e-12));
                assertThat(block.error().relative(q)).isBetween(1e-3, 0.9);
            }
            assertThat(block.error().relative())
                    .isCloseTo(
                            Math.sqrt((error[0] + error[1] + error[2]) / (norm[0] + norm[1] + norm[2])), within(1e-12));
        }
    }

    @Test
    void aHigherRankIsCloser() {
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64);
                var one = block(gradients, 1, DType.FLOAT64);
                var three = block(gradients, 3, DType.FLOAT64)) {
            assertThat(three.error().relative()).isLessThan(one.error().relative());
        }
    }

    @Test
    void aRankThatSavesNothingKeepsGradientsFullAndExact() {
        assertThat(QueryBlock.compresses(GATE, 3)).isTrue();
        assertThat(QueryBlock.compresses(GATE, 4)).isFalse();
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64);
                var block = block(gradients, 5, DType.FLOAT64)) {
            assertThat(block.error().relative()).isZero();
        }
    }

    @Test
    void holdsAsManyBytesAsAnnounced() {
        assertThat(QueryBlock.byteSize(MODULES, 3, 2, DType.FLOAT32)).isEqualTo(4 * 3 * 2 * (15 + 15 + 17));
        assertThat(QueryBlock.byteSize(MODULES, 3, QueryBlock.FULL, DType.FLOAT64))
                .isEqualTo(8 * 3 * (54 + 54 + 70))
                .isEqualTo(QueryGradients.byteSize(MODULES, 3, DType.FLOAT64));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16"})
    void comesBackFromItsFileBitForBit(DType type) throws IOException {
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64);
                var block = block(gradients, 4, type)) {
            block.save(first);
            try (var loaded = QueryBlock.load(algebra, first, MODULES)) {
                loaded.save(second);
                assertThat(loaded.queries()).isEqualTo(3);
                assertThat(loaded.rank()).isEqualTo(4);
                assertThat(loaded.type()).isEqualTo(type);
                assertThat(loaded.error().errorSquared())
                        .isEqualTo(block.error().errorSquared());
            }
        }
        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    }

    @Test
    void aFileThatIsNoBlockIsRefused() throws IOException {
        Path file = folder.resolve("factors.safetensors");
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            covariances.save(file);
        }
        assertThatThrownBy(() -> QueryBlock.load(algebra, file, MODULES))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + ": metadata: expected queries, rank and type of a query block, found {}");
    }

    /// The way through rows against the way through G_q and P_q.
    @ParameterizedTest
    @CsvSource({
        "EKFAC, 0, 1",
        "EKFAC, 2, 1",
        "EKFAC, 2, 1000000",
        "KFAC, 2, 1",
        "DIAGONAL, 2, 1",
        "DIAGONAL, 0, 1",
        "IDENTITY, 2, 1000000",
        "IDENTITY, 0, 1"
    })
    void rowsGiveTheSameBlockAsPreconditionedGradients(CurvatureStrategy strategy, int rank, long scratch)
            throws IOException {
        FactorFiles files = strategy == CurvatureStrategy.DIAGONAL
                ? FittedFactors.diagonal(algebra, QUERIES, folder.resolve("factors"))
                : FittedFactors.ekfac(algebra, QUERIES, folder.resolve("factors"), DType.FLOAT64);
        int[] lengths = {5, 6, 4};
        try (var gradients = new QueryGradients(algebra, MODULES, 3, DType.FLOAT64);
                var rows = new QueryRows(algebra, MODULES, lengths, DType.FLOAT64);
                var direct = new QueryBlock(algebra, 3, rank, DType.FLOAT64);
                var byRows = new QueryBlock(algebra, 3, rank, DType.FLOAT64)) {
            QUERIES.replayAll(algebra, DType.FLOAT64, gradients);
            rows.startAt(1);
            QUERIES.replay(algebra, DType.FLOAT64, rows, 1, 2);
            rows.startAt(0);
            QUERIES.replay(algebra, DType.FLOAT64, rows, 0);
            for (LinearModule module : MODULES) {
                try (var preconditioner = Preconditioner.load(
                        algebra, files, module, strategy, new Damping.Relative(0.1), DType.FLOAT64)) {
                    byRows.put(module, rows, preconditioner, scratch);
                    preconditioner.apply(gradients.gradients(module), gradients.gradients(module));
                }
                direct.put(module, gradients.gradients(module));
                for (int q = 0; q < 3; q++) {
                    double[] p = HostArrays.download(
                            algebra, gradients.gradients(module).select(0, q));
                    assertThat(rest(p, byRows.form(module), q))
                            .containsExactly(rest(p, direct.form(module), q), within(1e-12 * largest(p)));
                    assertThat(byRows.error(module).relative(q))
                            .isCloseTo(direct.error(module).relative(q), within(1e-7));
                }
            }
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private QueryBlock block(QueryGradients gradients, int rank, DType type) {
        QUERIES.replayAll(algebra, DType.FLOAT64, gradients);
        var block = new QueryBlock(algebra, 3, rank, type);
        MODULES.forEach(module -> block.put(module, gradients.gradients(module)));
        return block;
    }

    /// P − U Vᵀ by plain sums.
    private double[] rest(double[] p, QueryForm form, int query) {
        return switch (form) {
            case QueryForm.Full(Tensor full) -> minus(p, HostArrays.download(algebra, full.select(0, query)));
            case QueryForm.Factored(Tensor u, Tensor v) -> {
                double[] product = new double[p.length];
                double[] us = HostArrays.download(algebra, u.select(0, query));
                double[] vs = HostArrays.download(algebra, v.select(0, query));
                int out = u.length(2);
                int in = v.length(2);
                for (int o = 0; o < out; o++) {
                    for (int i = 0; i < in; i++) {
                        for (int k = 0; k < u.length(1); k++) {
                            product[o * in + i] += us[k * out + o] * vs[k * in + i];
                        }
                    }
                }
                yield minus(p, product);
            }
        };
    }

    private static double[] minus(double[] x, double[] y) {
        double[] difference = x.clone();
        for (int i = 0; i < x.length; i++) {
            difference[i] -= y[i];
        }
        return difference;
    }

    private static double squared(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}
