package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.cuda.CudaUnderTest;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Listener;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Documents shared out among devices: the sums of one, and the same bytes however often the run was stopped.
class SeveralDevicesTest {
    private static final int MAX_TOKENS = 18;

    private static final GoldenCase GOLDEN = GoldenCase.load("llama");
    private static final ListedDocuments DOCUMENTS =
            ListedDocuments.beginnings(GOLDEN, MAX_TOKENS, MAX_TOKENS - 2, MAX_TOKENS - 4, MAX_TOKENS - 6);

    @TempDir
    Path folder;

    @Test
    void covariancesAreThoseOfOneDevice() throws IOException {
        fit("one", 1);
        fit("several", 3);
        assertSameNumbers(FactorKind.ACTIVATION_COVARIANCE);
        assertSameNumbers(FactorKind.GRADIENT_COVARIANCE);
        assertSameCounts(FactorKind.ACTIVATION_COUNT);
        assertSameCounts(FactorKind.GRADIENT_COUNT);
    }

    @Test
    void gpusShareDocumentsOut() throws IOException {
        List<LinearAlgebra> gpus = CudaUnderTest.openSeveral(2);
        fit("one", 1);
        fit("several", gpus, CurvatureStrategy.EKFAC, new Cancellation(), "");
        assertSameNumbers(FactorKind.ACTIVATION_COVARIANCE);
        assertSameCounts(FactorKind.ACTIVATION_COUNT);
        assertSameCounts(FactorKind.LAMBDA_COUNT);
    }

    @Test
    void squaresAreThoseOfOneDevice() throws IOException {
        fit("one", 1, CurvatureStrategy.DIAGONAL, new Cancellation(), "");
        fit("several", 3, CurvatureStrategy.DIAGONAL, new Cancellation(), "");
        assertSameNumbers(FactorKind.LAMBDA_MATRIX);
        assertSameCounts(FactorKind.LAMBDA_COUNT);
    }

    @Test
    void aRunThatIsStoppedEndsWithTheSameBytes() throws IOException {
        fit("undisturbed", 3);
        for (String stage : List.of("covariance", "lambda")) {
            assertThatThrownBy(() -> stop(stage, stage)).isInstanceOf(CancelledException.class);
            assertThat(states(stage)).as("a state has a file for each device").hasSize(3);
            fit(stage, 3);
            SameFiles.assertSame(folder.resolve("undisturbed"), folder.resolve(stage));
        }
    }

    @Test
    void aStateWithoutOneOfItsFilesDoesNotCount() throws IOException {
        fit("undisturbed", 3);
        assertThatThrownBy(() -> stop("torn", "covariance")).isInstanceOf(CancelledException.class);
        Files.delete(states("torn").getLast());
        fit("torn", 3);
        SameFiles.assertSame(folder.resolve("undisturbed"), folder.resolve("torn"));
    }

    @Test
    void anotherNumberOfDevicesIsAnotherRun() {
        assertThatThrownBy(() -> stop("out", "covariance")).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> fit("out", 2))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("devices");
    }

    private List<Path> states(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            return files.filter(file -> file.getFileName().toString().matches(".*\\.\\d{9}\\.safetensors"))
                    .sorted()
                    .toList();
        }
    }

    private void assertSameNumbers(FactorKind kind) throws IOException {
        Path one = new FactorFiles(folder.resolve("one")).file(kind);
        Path several = new FactorFiles(folder.resolve("several")).file(kind);
        try (SafetensorsFile expected = SafetensorsFile.open(one);
                SafetensorsFile actual = SafetensorsFile.open(several)) {
            assertThat(actual.names()).isEqualTo(expected.names());
            for (String name : expected.names()) {
                double[] numbers = numbers(expected, name);
                double largest = Arrays.stream(numbers).map(Math::abs).max().orElse(0);
                assertThat(largest).as(name).isPositive();
                assertThat(numbers(actual, name)).as(name).containsExactly(numbers, within(1e-6 * largest));
            }
        }
    }

    private static double[] numbers(SafetensorsFile file, String name) {
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Tensor tensor =
                        algebra.allocate(DType.FLOAT64, file.tensor(name).shape())) {
            TensorStorage.read(algebra, file, name, tensor);
            return HostArrays.download(algebra, tensor);
        }
    }

    private void assertSameCounts(FactorKind kind) {
        assertThat(new FactorFiles(folder.resolve("several")).file(kind))
                .hasSameBinaryContentAs(new FactorFiles(folder.resolve("one")).file(kind));
    }

    private void fit(String name, int devices) throws IOException {
        fit(name, devices, CurvatureStrategy.EKFAC, new Cancellation(), "");
    }

    /// Asks for a stop in the first shard of a stage.
    private void stop(String name, String stage) throws IOException {
        fit(name, 3, CurvatureStrategy.EKFAC, new Cancellation(), stage);
    }

    /// @param last the stage during which the run is asked to stop
    private void fit(String name, int devices, CurvatureStrategy curvature, Cancellation cancellation, String last)
            throws IOException {
        List<LinearAlgebra> backends = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            backends.add(new ReferenceLinearAlgebra());
        }
        fit(name, backends, curvature, cancellation, last);
    }

    /// @param backends closed in the end
    private void fit(
            String name,
            List<LinearAlgebra> backends,
            CurvatureStrategy curvature,
            Cancellation cancellation,
            String last)
            throws IOException {
        var settings = new FitSettings(
                curvature,
                LabelChoice.SAMPLED,
                new ModuleSelection("mlp"),
                -1,
                MAX_TOKENS,
                7,
                DType.FLOAT32,
                new MemoryBudget(MemoryBudget.BASE + (3L << 20)),
                100);
        try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.model())) {
            var context = new RunContext(
                    backends,
                    new Listener(cancellation, last),
                    Metrics.inMemory(),
                    cancellation,
                    Duration.ofSeconds(30),
                    "1.0");
            new FitRun(context, settings).run(checkpoint, DOCUMENTS, folder.resolve(name));
        } finally {
            backends.forEach(LinearAlgebra::close);
        }
    }
}
