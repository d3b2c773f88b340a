package dev.wellspring.curvature;

import static dev.wellspring.curvature.SeededRows.DOWN;
import static dev.wellspring.curvature.SeededRows.GATE;
import static dev.wellspring.curvature.SeededRows.MODULES;
import static dev.wellspring.curvature.SeededRows.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.StoredType;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactorFilesTest {
    private static final SeededRows ROWS = new SeededRows(4, 1, 7, 3);

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @TempDir
    Path folder;

    @Test
    void theFolderHasKronfluencesFilesWithOneTensorPerModule() throws IOException {
        FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "activation_covariance.safetensors",
                            "gradient_covariance.safetensors",
                            "activation_eigenvectors.safetensors",
                            "activation_eigenvalues.safetensors",
                            "gradient_eigenvectors.safetensors",
                            "gradient_eigenvalues.safetensors",
                            "lambda_matrix.safetensors",
                            "num_activation_covariance_processed.safetensors",
                            "num_gradient_covariance_processed.safetensors",
                            "num_lambda_processed.safetensors");
        }
        for (FactorKind kind : FactorKind.values()) {
            try (SafetensorsFile file = SafetensorsFile.open(new FactorFiles(folder).file(kind))) {
                assertThat(file.names()).containsExactlyInAnyOrder("mlp.gate", "mlp.up", "mlp.down");
                for (LinearModule module : MODULES) {
                    assertThat(file.tensor(module.name()).shape()).isEqualTo(kind.shape(module));
                    assertThat(file.tensor(module.name()).stored())
                            .isEqualTo(kind.isCount() ? StoredType.I64 : StoredType.F64);
                }
            }
        }
    }

    @Test
    void sumsAndCountsComeBackAsTheyWere() throws IOException {
        var files = new FactorFiles(folder);
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64);
                var work = new Workspace(algebra)) {
            ROWS.replayAll(algebra, DType.FLOAT64, covariances);
            files.writeCovariances(algebra, covariances, DType.FLOAT64);
            for (LinearModule module : MODULES) {
                Tensor sum = work.allocate(DType.FLOAT64, module.activationSize(), module.activationSize());
                files.read(algebra, FactorKind.ACTIVATION_COVARIANCE, module, sum);
                assertThat(HostArrays.download(algebra, sum))
                        .isEqualTo(HostArrays.download(algebra, covariances.activationSum(module)));
                assertThat(files.readCount(FactorKind.ACTIVATION_COUNT, module)).isEqualTo(15);
                assertThat(files.readCount(FactorKind.GRADIENT_COUNT, module)).isEqualTo(15);
            }
        }
    }

    @Test
    void modulesThatShareAnInputGetTheSameEigenvectors() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        assertThat(files.same(FactorKind.ACTIVATION_EIGENVECTORS, GATE, UP)).isTrue();
        assertThat(files.same(FactorKind.GRADIENT_EIGENVECTORS, GATE, UP)).isFalse();
        try (var bases = ModuleBases.load(algebra, files, MODULES, DType.FLOAT32)) {
            assertThat(bases.filledUpActivation(UP)).isSameAs(bases.filledUpActivation(GATE));
        }
    }

    @Test
    void narrowFactorsAreReadAsWideOnes() throws IOException {
        FactorFiles narrow = FittedFactors.ekfac(algebra, ROWS, folder.resolve("narrow"), DType.FLOAT32);
        FactorFiles wide = FittedFactors.ekfac(algebra, ROWS, folder.resolve("wide"), DType.FLOAT64);
        try (var work = new Workspace(algebra)) {
            Tensor fromNarrow = work.allocate(DType.FLOAT64, 10);
            Tensor fromWide = work.allocate(DType.FLOAT64, 10);
            narrow.read(algebra, FactorKind.ACTIVATION_EIGENVALUES, DOWN, fromNarrow);
            wide.read(algebra, FactorKind.ACTIVATION_EIGENVALUES, DOWN, fromWide);
            double[] expected = HostArrays.download(algebra, fromWide);
            double[] actual = HostArrays.download(algebra, fromNarrow);
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(actual[i] - expected[i])).isLessThan(1e-5 * expected[9]);
            }
        }
    }

    @Test
    void memoryDecidesHowManyAreDecomposedTogetherAndChangesNoByte() throws IOException {
        FactorFiles together = new FactorFiles(Files.createDirectory(folder.resolve("together")));
        FactorFiles oneByOne = new FactorFiles(Files.createDirectory(folder.resolve("one-by-one")));
        List<Integer> told = new ArrayList<>();
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            ROWS.replayAll(algebra, DType.FLOAT64, covariances);
            together.writeCovariances(algebra, covariances, DType.FLOAT64);
            oneByOne.writeCovariances(algebra, covariances, DType.FLOAT64);
        }
        together.writeEigenbases(algebra, MODULES, DType.FLOAT64, Long.MAX_VALUE, told::add);
        int covariances = FactorFiles.covarianceCount(MODULES);
        assertThat(covariances).isEqualTo(5); // gate and up share theirs
        assertThat(told).containsExactly(covariances);
        oneByOne.writeEigenbases(algebra, MODULES, DType.FLOAT64, 0, told::add);
        assertThat(told).containsExactly(covariances, 1, 2, 3, 4, 5);
        for (FactorKind kind : FactorKind.values()) {
            if (Files.exists(together.file(kind))) {
                assertThat(oneByOne.file(kind)).hasSameBinaryContentAs(together.file(kind));
            }
        }
    }

    @Test
    void partsOfTheModulesGiveTheSameFilesAsAllAtOnce() throws IOException {
        FactorFiles whole = new FactorFiles(Files.createDirectory(folder.resolve("whole")));
        FactorFiles parts = new FactorFiles(Files.createDirectory(folder.resolve("parts")));
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            ROWS.replayAll(algebra, DType.FLOAT64, covariances);
            whole.writeCovariances(algebra, covariances, DType.FLOAT32);
        }
        try (var writer = FactorWriter.covariances(algebra, parts, MODULES, DType.FLOAT32)) {
            for (List<LinearModule> part : List.of(List.of(DOWN), List.of(GATE, UP))) {
                try (var covariances = new CovarianceAccumulator(algebra, part, DType.FLOAT64)) {
                    ROWS.replayAll(algebra, DType.FLOAT64, (module, a, g, segments) -> {
                        if (part.contains(module)) {
                            covariances.accept(module, a, g, segments);
                        }
                    });
                    writer.put(covariances);
                }
            }
            writer.finish();
        }
        for (FactorKind kind : List.of(
                FactorKind.ACTIVATION_COVARIANCE,
                FactorKind.GRADIENT_COVARIANCE,
                FactorKind.ACTIVATION_COUNT,
                FactorKind.GRADIENT_COUNT)) {
            assertThat(Files.mismatch(whole.file(kind), parts.file(kind))).isEqualTo(-1);
        }
    }

    @Test
    void anUnfinishedWriterLeavesNothingBehind() throws IOException {
        var files = new FactorFiles(folder);
        try (var lambda = LambdaAccumulator.inParameterBasis(
                        algebra, List.of(GATE), new BatchCapacity(20, 4), DType.FLOAT64);
                var writer = FactorWriter.lambda(algebra, files, MODULES, DType.FLOAT64)) {
            writer.put(lambda);
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mlp.up");
        }
        assertThat(folder).isEmptyDirectory();
    }

    /// Other software decomposes the same covariance once for each module, and may flip signs.
    @Test
    void basesThatDifferAreNotShared() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        try (var writer = FactorWriter.eigenbases(algebra, files, List.of(GATE, UP), DType.FLOAT64);
                var work = new Workspace(algebra)) {
            Tensor q = work.allocate(DType.FLOAT64, 6, 6);
            files.read(algebra, FactorKind.ACTIVATION_EIGENVECTORS, GATE, q);
            Tensor values = work.allocate(DType.FLOAT64, 9);
            Tensor qS = work.allocate(DType.FLOAT64, 9, 9);
            for (LinearModule module : List.of(GATE, UP)) {
                writer.put(FactorKind.ACTIVATION_EIGENVECTORS, module, q);
                writer.put(FactorKind.ACTIVATION_EIGENVALUES, module, values.rows(6));
                writer.put(FactorKind.GRADIENT_EIGENVECTORS, module, qS);
                writer.put(FactorKind.GRADIENT_EIGENVALUES, module, values);
                algebra.scale(-1, q, q);
            }
            writer.finish();
        }
        try (var bases = ModuleBases.load(algebra, files, List.of(GATE, UP), DType.FLOAT64)) {
            double[] gate = HostArrays.download(algebra, bases.filledUpActivation(GATE));
            double[] up = HostArrays.download(algebra, bases.filledUpActivation(UP));
            for (int i = 0; i < gate.length; i++) {
                assertThat(up[i]).isEqualTo(-gate[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFittedFolderHasWhatEveryStrategyNeeds(CurvatureStrategy strategy) throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        files.require(strategy, MODULES);
        assertThat(strategy.factors()).allMatch(kind -> Files.exists(files.file(kind)));
    }

    @Test
    void aMissingFileIsNamedWithTheStrategyThatNeedsIt() throws IOException {
        FactorFiles files = FittedFactors.diagonal(algebra, ROWS, folder);
        assertThatThrownBy(() -> files.require(CurvatureStrategy.EKFAC, MODULES))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(folder.resolve("activation_eigenvectors.safetensors")
                        + ": expected this file for curvature ekfac, found none; fit with --curvature ekfac or choose"
                        + " another curvature");
    }

    @Test
    void aMissingModuleIsNamed() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        var other = new LinearModule("attention.query", 0, LinearModule.Part.ATTENTION, 6, 6, false, "attention.input");
        assertThatThrownBy(() -> files.require(CurvatureStrategy.EKFAC, List.of(GATE, other)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("activation_eigenvectors.safetensors", "attention.query");
    }

    @Test
    void aModuleOfAnotherShapeIsNamed() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        var wider = new LinearModule("mlp.gate", 0, LinearModule.Part.MLP, 8, 9, false, "mlp.input");
        assertThatThrownBy(() -> files.require(CurvatureStrategy.DIAGONAL, List.of(wider)))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(folder.resolve("lambda_matrix.safetensors")
                        + ": tensor mlp.gate: expected shape [9, 8], found [9, 6]; was it made for another model?");
    }

    @Test
    void factorsOfNoSequencesAreRefused() throws IOException {
        var files = new FactorFiles(folder);
        try (var lambda =
                LambdaAccumulator.inParameterBasis(algebra, MODULES, new BatchCapacity(1, 1), DType.FLOAT64)) {
            files.writeLambda(algebra, lambda, DType.FLOAT64);
        }
        assertThatThrownBy(() -> files.readCount(FactorKind.LAMBDA_COUNT, GATE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor mlp.gate: expected a count of at least 1, found 0");
    }
}
