package dev.wellspring.influence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole method on tiny checkpoints, from rows to scores, against kronfluence and plain automatic differentiation
/// in float64. A backend is put to the same test by overriding [#algebra], [#type] and [#tolerance].
@ParameterizedClass(name = "{0}")
@FieldSource("dev.wellspring.golden.GoldenCase#NAMES")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // fit() runs before any test
public class InfluenceGoldenTest {
    private static final Damping TENTH = new Damping.Relative(0.1);

    @Parameter
    String name;

    private LinearAlgebra algebra;
    private GoldenRun run;

    /// The backend under test, one for each case; closed after it.
    protected LinearAlgebra algebra() {
        return new ReferenceLinearAlgebra();
    }

    /// The element type of weights, rows and gradients.
    protected DType type() {
        return DType.FLOAT64;
    }

    /// How far a number may be off, as a share of the largest of its tensor.
    protected double tolerance() {
        return 1e-9;
    }

    @BeforeParameterizedClassInvocation(injectArguments = false)
    void fit(@TempDir Path folder) throws IOException {
        algebra = algebra();
        run = new GoldenRun(name, algebra, type(), folder);
    }

    @AfterParameterizedClassInvocation
    void releaseMemory() {
        if (run != null) { // not where there is no such backend, and the case was skipped
            run.close();
            algebra.close();
        }
    }

    @Test
    void covariancesAreSumsOverAllRows() {
        for (LinearModule module : run.modules("all")) {
            assertSame(key(module, "activation_sum"), download(run.covariances.activationSum(module)));
            assertSame(key(module, "gradient_sum"), download(run.covariances.gradientSum(module)));
            assertThat((double) run.covariances.rows(module))
                    .isEqualTo(run.golden.values(key(module, "rows"))[0]);
        }
    }

    @Test
    void eigenvaluesAreThoseOfTheMean() throws IOException {
        for (LinearModule module : run.modules("all")) {
            assertSame(key(module, "activation_eigenvalues"), read(FactorKind.ACTIVATION_EIGENVALUES, module));
            assertSame(key(module, "gradient_eigenvalues"), read(FactorKind.GRADIENT_EIGENVALUES, module));
        }
    }

    @Test
    void lambdaIsTheMeanSquareOverSequences() throws IOException {
        for (LinearModule module : run.modules("all")) {
            double sum = Arrays.stream(read(FactorKind.LAMBDA_MATRIX, module)).sum();
            long sequences = run.factors.readCount(FactorKind.LAMBDA_COUNT, module);
            assertThat(sequences).isEqualTo(run.golden.documents().size());
            assertSame(key(module, "lambda_sum"), new double[] {sum / sequences});
        }
    }

    @Test
    void queryGradientsAreThoseOfTheCompletion() {
        for (LinearModule module : run.modules("all")) {
            Tensor first = run.queryGradients.gradients(module).select(0, 0);
            assertSame("gradient/q00/" + module.name(), download(first));
        }
    }

    @Test
    void gradientsArePreconditionedInTheEigenbasis() throws IOException {
        for (LinearModule module : run.modules("all")) {
            Tensor first = run.queryGradients.gradients(module).rows(1);
            try (Preconditioner preconditioner = run.preconditioner(module, CurvatureStrategy.EKFAC, TENTH);
                    Tensor p = algebra.allocate(type(), first.shape())) {
                preconditioner.apply(first, p);
                assertSame("preconditioned/q00/" + module.name(), download(p));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "all"})
    void scoresAreKronfluences(String scope) throws IOException {
        List<String> keys = run.golden.expected().keySet().stream()
                .filter(key -> key.startsWith("scores/" + scope + "/"))
                .toList();
        assertThat(keys).hasSize(scope.equals("mlp") ? 7 : 5);
        List<QueryBlock> blocks = new ArrayList<>();
        for (String key : keys) {
            blocks.add(block(key));
        }
        for (boolean rowScores : new boolean[] {false, true}) {
            List<List<BatchScores>> scores = run.scores(blocks, new ScoreOptions(rowScores, false, false));
            for (int k = 0; k < keys.size(); k++) {
                assertSame(keys.get(k), byQuery(scores.get(k), BatchScores::scores));
            }
        }
        blocks.forEach(QueryBlock::close);
    }

    /// The block that a key such as `scores/mlp/ekfac-rank4/mean0.1` speaks of.
    private QueryBlock block(String key) throws IOException {
        String[] words = key.split("/", -1);
        String[] strategy = words[2].split("-rank", -1);
        int rank = strategy.length > 1 ? Integer.parseInt(strategy[1]) : QueryBlock.FULL;
        Damping damping = words[3].equals("mean0.1") ? TENTH : Damping.parse(words[3]);
        return run.block(words[1], CurvatureStrategy.parse(strategy[0]), damping, rank);
    }

    @Test
    void sharesOfModulesAndRowsAreTheReferences() throws IOException {
        try (QueryBlock block = run.block("mlp", CurvatureStrategy.EKFAC, TENTH, QueryBlock.FULL)) {
            List<BatchScores> batches = run.scores(List.of(block), new ScoreOptions(true, true, false))
                    .getFirst();
            for (LinearModule module : block.modules()) {
                assertSame(
                        "module_scores/mlp/ekfac/mean0.1/" + module.name(),
                        byQuery(batches, batch -> batch.moduleScores().getOrDefault(module, new double[0])));
            }
            double[][] rows = batches.getFirst().rowsOfDocument(0);
            assertSame(
                    "token_scores/mlp/ekfac/mean0.1/d000",
                    Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
        }
    }

    @Test
    void gradientNormsAreTheReferences() throws IOException {
        try (QueryBlock block = run.block("all", CurvatureStrategy.IDENTITY, TENTH, QueryBlock.FULL)) {
            for (boolean rowScores : new boolean[] {false, true}) {
                double[] norms =
                        run.scores(List.of(block), new ScoreOptions(rowScores, false, true)).getFirst().stream()
                                .flatMapToDouble(batch -> Arrays.stream(batch.squaredNorms()))
                                .map(Math::sqrt)
                                .toArray();
                assertSame("gradient_norm/documents", norms);
            }
        }
    }

    @Test
    void selfInfluenceIsTheReferences() throws IOException {
        List<LinearModule> modules = run.modules("mlp");
        Map<LinearModule, Preconditioner> preconditioners = new LinkedHashMap<>();
        for (LinearModule module : modules) {
            preconditioners.put(module, run.preconditioner(module, CurvatureStrategy.EKFAC, TENTH));
        }
        try (var self = new SelfInfluence(algebra, preconditioners, run.capacity(), type())) {
            assertSame("self_scores/mlp/ekfac/mean0.1", run.selfInfluence(self, modules));
        } finally {
            preconditioners.values().forEach(Preconditioner::close);
        }
    }

    private static String key(LinearModule module, String what) {
        return "module/" + module.name() + "/" + what;
    }

    private double[] read(FactorKind kind, LinearModule module) throws IOException {
        try (Tensor tensor = algebra.allocate(DType.FLOAT64, kind.shape(module))) {
            run.factors.read(algebra, kind, module, tensor);
            return download(tensor);
        }
    }

    private double[] download(Tensor tensor) {
        return HostArrays.download(algebra, tensor);
    }

    /// From (documents, queries) of each batch to (queries, documents) of all.
    private static double[] byQuery(List<BatchScores> batches, Function<BatchScores, double[]> values) {
        double[] byDocument =
                batches.stream().map(values).flatMapToDouble(Arrays::stream).toArray();
        int queries = batches.getFirst().queries();
        int documents = byDocument.length / queries;
        double[] byQuery = new double[byDocument.length];
        for (int d = 0; d < documents; d++) {
            for (int q = 0; q < queries; q++) {
                byQuery[q * documents + d] = byDocument[d * queries + q];
            }
        }
        return byQuery;
    }

    private void assertSame(String key, double[] actual) {
        double[] expected = run.golden.values(key);
        assertThat(actual).as(key).hasSameSizeAs(expected);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        assertThat(difference / largest).as(key).isLessThan(tolerance());
    }
}
