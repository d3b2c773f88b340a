package dev.wellspring.influence;

import static dev.wellspring.curvature.SeededRows.MODULES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FittedFactors;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.curvature.SeededRows;
import dev.wellspring.linalg.Backends;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.cuda.CudaUnderTest;
import dev.wellspring.linalg.cuda.EmulatedCuda;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A block that waits in the host's memory against one that does not: the same bytes, on file and in scores.
class OffloadedBlockTest {
    private static final int Q = 3;
    private static final SeededRows QUERIES = new SeededRows(5, 6, 4);
    private static final SeededRows DOCUMENTS = new SeededRows(4, 1, 7, 3, 12);
    private static final int[][] BATCHES = {{0, 1}, {2, 3, 4}, {1, 0}, {4}};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {QueryBlock.FULL, 2})
    void scoresAreTheSameOnTheHost(int rank) throws IOException {
        try (var algebra = new ReferenceLinearAlgebra()) {
            assertSameBytes(algebra, rank);
        }
        try (LinearAlgebra algebra =
                Backends.open("cpu", DType.FLOAT64, RowParallel.serial()).algebra()) {
            assertSameBytes(algebra, rank);
        }
    }

    /// With the two streams as far out of step as they may be.
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "0, 3", "2, 0", "2, 1", "2, 2", "2, 3"})
    void scoresAreTheSameOnADevice(int rank, int hasty) throws IOException {
        try (LinearAlgebra algebra = CudaUnderTest.open()) {
            EmulatedCuda cuda = EmulatedCuda.orSkip();
            cuda.makeHasty(hasty);
            try {
                assertSameBytes(algebra, rank);
            } finally {
                cuda.makeHasty(0);
            }
        }
    }

    private void assertSameBytes(LinearAlgebra algebra, int rank) throws IOException {
        Path file = folder.resolve("resident");
        Path offloadedFile = folder.resolve("offloaded");
        FactorFiles factors =
                FittedFactors.ekfac(algebra, QUERIES, Files.createTempDirectory(folder, "factors"), DType.FLOAT64);
        try (QueryBlock resident = block(algebra, factors, rank, Placement.RESIDENT);
                QueryBlock offloaded = block(algebra, factors, rank, Placement.OFFLOADED)) {
            resident.save(file);
            offloaded.save(offloadedFile);
            assertThat(offloaded.placement()).isEqualTo(Placement.OFFLOADED);
            assertThat(offloaded.modules()).isEqualTo(resident.modules());
            assertThat(Files.mismatch(file, offloadedFile)).isEqualTo(-1);
            List<double[]> expected = scores(algebra, resident);
            assertThat(expected.getFirst()).isNotEqualTo(new double[2 * Q]);
            assertThat(scores(algebra, offloaded)).usingRecursiveComparison().isEqualTo(expected);
            try (QueryBlock loaded = QueryBlock.load(algebra, file, MODULES, Placement.OFFLOADED)) {
                assertThat(scores(algebra, loaded)).usingRecursiveComparison().isEqualTo(expected);
            }
        }
    }

    private static QueryBlock block(LinearAlgebra algebra, FactorFiles factors, int rank, Placement placement)
            throws IOException {
        var block = new QueryBlock(algebra, Q, rank, DType.FLOAT32, placement);
        try (var rows = new QueryRows(algebra, MODULES, QUERIES.lengths(), DType.FLOAT32)) {
            QUERIES.replayAll(algebra, DType.FLOAT32, rows);
            for (LinearModule module : MODULES) {
                try (var preconditioner = Preconditioner.load(
                        algebra, factors, module, CurvatureStrategy.EKFAC, new Damping.Relative(0.1), DType.FLOAT32)) {
                    block.put(module, rows, preconditioner, 1000);
                }
            }
        }
        return block;
    }

    private static List<double[]> scores(LinearAlgebra algebra, QueryBlock block) {
        List<double[]> scores = new ArrayList<>();
        try (var kernel = new ScoreKernel(
                algebra, block, new BatchCapacity(27, 5), new ScoreOptions(false, true, true), 1 << 20)) {
            for (int[] batch : BATCHES) {
                DOCUMENTS.replay(algebra, DType.FLOAT32, kernel, batch);
                BatchScores all = kernel.finish();
                scores.add(all.scores());
                scores.add(all.squaredNorms());
                all.moduleScores().values().forEach(scores::add);
            }
        }
        return scores;
    }

    /// Room for two of the largest module's, each tensor in whole cache lines.
    @Test
    void anOffloadedBlockTakesTheRoomOfTwoModules() {
        long largest = MODULES.stream()
                .mapToLong(module -> lines(3 * 2 * module.outputs()) + lines(3 * 2 * module.activationSize()))
                .max()
                .orElseThrow();
        assertThat(QueryBlock.backendBytes(MODULES, 3, 2, DType.FLOAT32, Placement.OFFLOADED))
                .isEqualTo(2 * 4 * largest);
        assertThat(QueryBlock.backendBytes(MODULES, 3, 2, DType.FLOAT32, Placement.RESIDENT))
                .isEqualTo(QueryBlock.byteSize(MODULES, 3, 2, DType.FLOAT32));
    }

    private static long lines(int elements) {
        return Math.ceilDiv(elements, 64) * 64L;
    }
}
