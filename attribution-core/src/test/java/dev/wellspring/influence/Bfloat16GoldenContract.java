package dev.wellspring.influence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models, activations and output gradients in bfloat16: each query's scores correlate with kronfluence's in
/// float64.
public abstract class Bfloat16GoldenContract {
    private static final String KEY = "scores/mlp/ekfac/mean0.1";

    /// A new backend, which the test closes.
    protected abstract LinearAlgebra backend();

    static Stream<String> cases() {
        return GoldenCase.NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresOfEveryQueryCorrelate(String name, @TempDir Path folder) throws IOException {
        try (LinearAlgebra algebra = backend();
                var run = new GoldenRun(name, algebra, DType.BFLOAT16, folder);
                QueryBlock block =
                        run.block("mlp", CurvatureStrategy.EKFAC, new Damping.Relative(0.1), QueryBlock.FULL)) {
            List<BatchScores> batches =
                    run.scores(List.of(block), ScoreOptions.scoresOnly()).getFirst();
            int queries = block.queries();
            int documents = run.golden.documents().size();
            double[] expected = run.golden.values(KEY);
            for (int q = 0; q < queries; q++) {
                double[] actual = column(batches, queries, q);
                double[] ours = Arrays.copyOfRange(expected, q * documents, (q + 1) * documents);
                assertThat(new PearsonsCorrelation().correlation(actual, ours))
                        .as("query %d of %s", q, name)
                        .isGreaterThanOrEqualTo(0.99);
            }
        }
    }

    private static double[] column(List<BatchScores> batches, int queries, int query) {
        return batches.stream()
                .flatMapToDouble(batch -> {
                    double[] scores = batch.scores();
                    return IntStream.range(0, scores.length / queries).mapToDouble(d -> scores[d * queries + query]);
                })
                .toArray();
    }
}
