package dev.wellspring.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.influence.BatchScores;
import dev.wellspring.influence.GoldenRun;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.ScoreOptions;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Scores out of stored gradients against kronfluence's, and against our own exact ones where kronfluence's were not
/// recorded.
class StoredScoresGoldenTest {
    private static final List<CurvatureStrategy> STRATEGIES =
            List.of(CurvatureStrategy.EKFAC, CurvatureStrategy.KFAC, CurvatureStrategy.IDENTITY);
    private static final List<String> DAMPINGS = List.of("0.1x", "0.001", "1x");

    @TempDir
    private Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @ParameterizedTest
    @FieldSource("dev.wellspring.golden.GoldenCase#NAMES")
    void anUncompressedStoreServesEveryStrategyAndDampingExactly(String name) throws IOException {
        try (GoldenRun run = new GoldenRun(name, algebra, DType.FLOAT64, folder)) {
            Stored stored = store(run, "all", new Compression.Full(), Precision.FLOAT64, 0);
            for (CurvatureStrategy strategy : STRATEGIES) {
                for (String text : DAMPINGS) {
                    Damping damping = Damping.parse(text);
                    double[] scores = stored.scores(run, strategy, damping);
                    assertClose(scores, exact(run, "all", strategy, damping), 1e-9);
                    String key = "scores/all/" + strategy.word() + "/" + (text.equals("0.1x") ? "mean0.1" : text);
                    if (run.golden.expected().containsKey(key)) {
                        assertClose(byQuery(scores, run), run.golden.values(key), 1e-9);
                    }
                }
            }
        }
    }

    @Test
    void anUncompressedFloat32StoreIsExactToItsPrecision() throws IOException {
        try (GoldenRun run = new GoldenRun("llama", algebra, DType.FLOAT64, folder)) {
            Stored stored = store(run, "mlp", new Compression.Full(), Precision.FLOAT32, 0);
            for (CurvatureStrategy strategy : STRATEGIES) {
                Damping damping = Damping.parse("0.1x");
                assertClose(stored.scores(run, strategy, damping), exact(run, "mlp", strategy, damping), 1e-5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BFLOAT16", "INT8"})
    void narrowNumbersKeepTheOrderOfScores(Precision precision) throws IOException {
        try (GoldenRun run = new GoldenRun("llama", algebra, DType.FLOAT64, folder)) {
            Stored stored = store(run, "mlp", new Compression.Full(), precision, 0);
            Damping damping = Damping.parse("0.1x");
            double[] scores = stored.scores(run, CurvatureStrategy.EKFAC, damping);
            assertClose(scores, exact(run, "mlp", CurvatureStrategy.EKFAC, damping), 0.02);
            assertThat(stored.error).isBetween(1e-4, 0.03);
        }
    }

    @Test
    void factorsOfFullRankAreTheTruncationItself() throws IOException {
        try (GoldenRun run = new GoldenRun("gpt2", algebra, DType.FLOAT64, folder)) {
            Damping damping = Damping.parse("0.1x");
            Stored whole = store(run, "mlp", new Compression.Truncation(256), Precision.FLOAT64, 0);
            double[] truncated = whole.scores(run, CurvatureStrategy.EKFAC, damping);
            Stored factors = store(run, "mlp", new Compression.Factors(256, 7), Precision.FLOAT64, 0);
            assertThat(factors.layout.modules()).anyMatch(module -> module.rank() == 7);
            double error = factors.error;
            assertThat(error).isBetween(1e-9, 0.6);
            assertClose(factors.scores(run, CurvatureStrategy.EKFAC, damping), truncated, error);
        }
    }

    @Test
    void moreDirectionsComeCloser() throws IOException {
        try (GoldenRun run = new GoldenRun("qwen2", algebra, DType.FLOAT64, folder)) {
            Damping damping = Damping.parse("0.1x");
            double[] exact = exact(run, "mlp", CurvatureStrategy.EKFAC, damping);
            double last = Double.POSITIVE_INFINITY;
            for (int values : new int[] {16, 128, 1024, 1 << 20}) {
                Stored stored = store(run, "mlp", new Compression.Truncation(values), Precision.FLOAT64, 0);
                double distance = distance(stored.scores(run, CurvatureStrategy.EKFAC, damping), exact);
                assertThat(distance).isLessThan(last);
                last = distance;
            }
            assertThat(last).isLessThan(1e-9);
        }
    }

    /// Over seeds, projected scores average to the exact ones: the mean lies within four of its standard errors.
    @Test
    void projectionsAreUnbiasedWhateverTheDamping() throws IOException {
        try (GoldenRun run = new GoldenRun("llama", algebra, DType.FLOAT64, folder)) {
            Damping damping = Damping.parse("0.01x");
            double[] exact = exact(run, "mlp", CurvatureStrategy.EKFAC, damping);
            int seeds = 60;
            double[] sum = new double[exact.length];
            double[] squares = new double[exact.length];
            for (int seed = 0; seed < seeds; seed++) {
                double[] scores = store(run, "mlp", new Compression.Projection(64), Precision.FLOAT64, seed)
                        .scores(run, CurvatureStrategy.EKFAC, damping);
                for (int i = 0; i < scores.length; i++) {
                    sum[i] += scores[i];
                    squares[i] += scores[i] * scores[i];
                }
            }
            double total = 0;
            for (int i = 0; i < exact.length; i++) {
                double mean = sum[i] / seeds;
                double variance = squares[i] / seeds - mean * mean;
                total += (mean - exact[i]) * (mean - exact[i]) / (variance / (seeds - 1));
            }
            assertThat(total / exact.length).as("mean squared z").isCloseTo(1, within(0.8));
        }
    }

    /// What a store holds of the golden documents.
    private record Stored(
            BasisFile basis, GradientLayout layout, List<LinearModule> modules, List<double[]> values, double error) {
        /// (documents, queries)
        double[] scores(GoldenRun run, CurvatureStrategy strategy, Damping damping) throws IOException {
            int queries = run.golden.queries().size();
            double[] scores = new double[values.size() * queries];
            int at = 0;
            LinearAlgebra algebra = new ReferenceLinearAlgebra();
            for (int m = 0; m < modules.size(); m++) {
                StoredModule module = layout.modules().get(m);
                try (Workspace work = new Workspace(algebra);
                        BasisReader reader = basis.open(algebra)) {
                    double[] w = reader.read(work, modules.get(m), DType.FLOAT64)
                            .ofQueries(algebra, run.queryGradients.gradients(modules.get(m)), strategy, damping);
                    for (int d = 0; d < values.size(); d++) {
                        double[] c = new double[module.dimensions()];
                        FactorExpansion.expand(module, values.get(d), at, c);
                        for (int q = 0; q < queries; q++) {
                            for (int i = 0; i < c.length; i++) {
                                scores[d * queries + q] += w[q * c.length + i] * c[i];
                            }
                        }
                    }
                }
                at += module.values();
            }
            return scores;
        }
    }

    private Stored store(GoldenRun run, String scope, Compression compression, Precision precision, long seed)
            throws IOException {
        List<LinearModule> modules = run.modules(scope);
        var basis = new BasisFile(folder.resolve(BasisFile.NAME));
        List<StoredModule> kept = basis.write(algebra, run.factors, modules, compression, seed, DType.FLOAT64).stream()
                .map(BasisFile.Kept::module)
                .toList();
        var layout = new GradientLayout("test", kept, precision);
        List<double[]> values = new ArrayList<>();
        double[] error = new double[1];
        try (var compressor = new GradientCompressor(algebra, basis, modules, layout, run.capacity(), DType.FLOAT64)) {
            int[] begun = {0};
            run.passDocuments(modules, compressor, first -> {
                collect(compressor, layout, first - begun[0], values, error);
                begun[0] = first;
                compressor.reset();
            });
            collect(compressor, layout, run.golden.documents().size() - begun[0], values, error);
        }
        return new Stored(basis, layout, modules, values, error[0]);
    }

    private static void collect(
            GradientCompressor compressor,
            GradientLayout layout,
            int documents,
            List<double[]> values,
            double[] error) {
        for (int d = 0; d < documents; d++) {
            List<double[]> parts = new ArrayList<>();
            List<MemorySegment> stored = compressor.values(d);
            float[] scales = compressor.scales(d);
            for (int m = 0; m < stored.size(); m++) {
                double[] part = new double[layout.modules().get(m).values()];
                ValueEncoder.decode(stored.get(m), layout.precision(), null, 0, part);
                if (scales.length > 0) {
                    double scale = scales[m];
                    Arrays.setAll(part, i -> part[i] * scale);
                }
                parts.add(part);
            }
            values.add(parts.stream().flatMapToDouble(Arrays::stream).toArray());
            error[0] = Math.max(error[0], compressor.error(d));
        }
    }

    /// (documents, queries)
    private static double[] exact(GoldenRun run, String scope, CurvatureStrategy strategy, Damping damping)
            throws IOException {
        try (QueryBlock block = run.block(scope, strategy, damping, QueryBlock.FULL)) {
            return run.scores(List.of(block), ScoreOptions.scoresOnly()).getFirst().stream()
                    .map(BatchScores::scores)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
    }

    private static double[] byQuery(double[] scores, GoldenRun run) {
        int queries = run.golden.queries().size();
        int documents = scores.length / queries;
        double[] turned = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            turned[i % queries * documents + i / queries] = scores[i];
        }
        return turned;
    }

    private static double distance(double[] actual, double[] expected) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        return difference / largest;
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(distance(actual, expected)).isLessThan(tolerance);
    }
}
