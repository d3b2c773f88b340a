package dev.wellspring.influence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // fit() runs before any test
class QueryTokenKernelTest {
    private static final Damping TENTH = new Damping.Relative(0.1);
    /// Biases and all: the last input of every module is 1.
    private static final String CASE = "gpt2";

    private LinearAlgebra algebra;
    private GoldenRun run;
    private List<Sequence> queries;

    @BeforeAll
    void fit(@TempDir Path folder) throws IOException {
        algebra = new ReferenceLinearAlgebra();
        run = new GoldenRun(CASE, algebra, DType.FLOAT64, folder);
        queries = List.copyOf(run.golden.queries().values());
    }

    @AfterAll
    void release() {
        run.close();
        algebra.close();
    }

    @ParameterizedTest
    @EnumSource
    void theTokensOfAQueryAddUpToItsScore(CurvatureStrategy strategy) throws IOException {
        double[][] scores = scores(strategy, QueryBlock.FULL);
        double[][][] tokens = tokens(strategy);
        double largest = Arrays.stream(scores)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(0);
        assertThat(tokens.length).isEqualTo(scores.length);
        for (int d = 0; d < scores.length; d++) {
            for (int q = 0; q < queries.size(); q++) {
                assertThat(tokens[d][q]).hasSize(queries.get(q).rows());
                assertThat(Arrays.stream(tokens[d][q]).sum() / largest)
                        .as("document " + d + ", query " + q)
                        .isCloseTo(scores[d][q] / largest, within(1e-9));
            }
        }
    }

    /// What low rank leaves out is left out of the scores, not of the tokens.
    @Test
    void theyAddUpToTheScoreWithoutCompression() throws IOException {
        double[][] compressed = scores(CurvatureStrategy.EKFAC, 2);
        double[][] full = scores(CurvatureStrategy.EKFAC, QueryBlock.FULL);
        double sum = Arrays.stream(tokens(CurvatureStrategy.EKFAC)[3][1]).sum();
        assertThat(sum).isCloseTo(full[3][1], within(1e-9 * Math.abs(full[3][1])));
        assertThat(compressed[3][1]).isNotCloseTo(full[3][1], within(1e-6 * Math.abs(full[3][1])));
    }

    /// ⟨P(g_qt a_qtᵀ), G_d⟩, each row of a query preconditioned by itself.
    @ParameterizedTest
    @EnumSource
    void eachTokenHasTheScoreOfItsOwnGradient(CurvatureStrategy strategy) throws IOException {
        int query = 2;
        int document = 8; // in the second batch
        Sequence asked = queries.get(query);
        double[] expected = new double[asked.rows()];
        List<LinearModule> modules = run.modules("mlp");
        Sequence read = List.copyOf(run.golden.documents().values()).get(document);
        Map<LinearModule, double[]> gradients = new LinkedHashMap<>();
        pass(read, modules, (module, a, g, _) -> {
            try (Workspace work = new Workspace(algebra)) {
                Tensor sum = work.allocate(DType.FLOAT64, module.outputs(), module.activationSize());
                algebra.gemm(1, g.transposed(), a, 0, sum);
                gradients.put(module, HostArrays.download(algebra, sum));
            }
        });
        List<IOException> failures = new ArrayList<>();
        pass(asked, modules, (module, a, g, _) -> {
            try (Preconditioner preconditioner = run.preconditioner(module, strategy, TENTH);
                    Workspace work = new Workspace(algebra)) {
                Tensor one = work.allocate(DType.FLOAT64, 1, module.outputs(), module.activationSize());
                for (int t = 0; t < expected.length; t++) {
                    algebra.gemm(1, g.rows(t, t + 1).transposed(), a.rows(t, t + 1), 0, one.select(0, 0));
                    preconditioner.apply(one, one);
                    double[] p = HostArrays.download(algebra, one);
                    double[] of = gradients.getOrDefault(module, new double[0]);
                    expected[t] += IntStream.range(0, p.length)
                            .mapToDouble(i -> p[i] * of[i])
                            .sum();
                }
            } catch (IOException failure) {
                failures.add(failure);
            }
        });
        assertThat(failures).isEmpty();
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        double[] actual = tokens(strategy)[document][query];
        for (int t = 0; t < expected.length; t++) {
            assertThat(actual[t]).as("row " + t).isCloseTo(expected[t], within(1e-9 * largest));
        }
    }

    @Test
    void onlyTheQueriesThatADocumentIsWantedForAreMultiplied() throws IOException {
        double[][][] all = tokens(CurvatureStrategy.EKFAC);
        double[][][] some = tokens(CurvatureStrategy.EKFAC, d -> d % 2 == 0 ? new int[] {1, 3} : new int[0]);
        assertThat(some[4]).isDeepEqualTo(new double[][] {all[4][1], all[4][3]});
        assertThat(some[5]).isEmpty();
    }

    @Test
    void aBatchOfOtherDocumentsIsRefused() throws IOException {
        try (Parts parts = parts(CurvatureStrategy.IDENTITY)) {
            parts.kernel().begin(new int[2][0]);
            Sequence document = run.golden.documents().values().iterator().next();
            assertThatThrownBy(() -> pass(document, run.modules("mlp"), parts.kernel()))
                    .hasMessageStartingWith("batch: expected 2 documents");
            assertThatThrownBy(parts.kernel()::finish).hasMessageContaining("modules before its end, got 0");
        }
    }

    private void pass(Sequence sequence, List<LinearModule> modules, GradientTap tap) {
        run.decoder.gradients(PackedBatch.of(List.of(sequence)), null, new LinkedHashSet<>(modules), tap);
    }

    /// (documents, queries)
    private double[][] scores(CurvatureStrategy strategy, int rank) throws IOException {
        try (QueryBlock block = run.block("mlp", strategy, TENTH, rank)) {
            List<double[]> scores = new ArrayList<>();
            for (BatchScores batch :
                    run.scores(List.of(block), ScoreOptions.scoresOnly()).getFirst()) {
                for (int d = 0; d < batch.documents(); d++) {
                    scores.add(batch.ofDocument(d));
                }
            }
            return scores.toArray(double[][]::new);
        }
    }

    private double[][][] tokens(CurvatureStrategy strategy) throws IOException {
        return tokens(strategy, _ -> IntStream.range(0, queries.size()).toArray());
    }

    /// (documents, wanted queries, rows)
    private double[][][] tokens(CurvatureStrategy strategy, IntFunction<int[]> wanted) throws IOException {
        List<double[][]> tokens = new ArrayList<>();
        int documents = run.golden.documents().size();
        int atOnce = run.capacity().documents();
        try (Parts parts = parts(strategy)) {
            run.passDocuments(run.modules("mlp"), parts.kernel(), first -> {
                if (first > 0) {
                    tokens.addAll(List.of(parts.kernel().finish()));
                }
                parts.kernel()
                        .begin(IntStream.range(first, Math.min(documents, first + atOnce))
                                .mapToObj(wanted)
                                .toArray(int[][]::new));
            });
            tokens.addAll(List.of(parts.kernel().finish()));
        }
        return tokens.toArray(double[][][]::new);
    }

    private record Parts(Map<LinearModule, Preconditioner> preconditioners, QueryRows rows, QueryTokenKernel kernel)
            implements AutoCloseable {
        @Override
        public void close() {
            kernel.close();
            rows.close();
            preconditioners.values().forEach(Preconditioner::close);
        }
    }

    private Parts parts(CurvatureStrategy strategy) throws IOException {
        Map<LinearModule, Preconditioner> preconditioners = new LinkedHashMap<>();
        for (LinearModule module : run.modules("mlp")) {
            preconditioners.put(module, run.preconditioner(module, strategy, TENTH));
        }
        int[] lengths = queries.stream().mapToInt(Sequence::rows).toArray();
        var rows = new QueryRows(algebra, run.modules("mlp"), lengths, DType.FLOAT64);
        var tracked = new LinkedHashSet<>(preconditioners.keySet());
        for (int first = 0; first < queries.size(); first += 2) { // a batch is not a query
            rows.startAt(first);
            List<Sequence> together = queries.subList(first, Math.min(queries.size(), first + 2));
            run.decoder.gradients(PackedBatch.of(together), null, tracked, rows);
        }
        return new Parts(
                preconditioners,
                rows,
                new QueryTokenKernel(algebra, rows, preconditioners, run.capacity(), DType.FLOAT64));
    }
}
