package dev.wellspring.store.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wellspring.analysis.Baseline;
import dev.wellspring.analysis.Resemblance;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.rank.Agreement;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineComparisonTest {
    private static final int DOCUMENTS = 700;

    @TempDir
    private Path directory;

    private final List<ScoredQuery> queries = List.of(query("a", "factual"), query("b", "reasoning"));

    /// Query 0 scores by length; query 1 is the opposite of query 0, but for the norm by which it is divided.
    @Test
    void eachBaselineIsComparedWithTheRankingThatIsAskedFor() {
        write();
        SampleRun.addBm25(directory, 2);
        double[] bm25 = IntStream.range(0, DOCUMENTS)
                .mapToDouble(d -> SampleRun.bm25(0, d))
                .toArray();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            var raw = new BaselineComparison(folder, queries, Normalisation.RAW);
            assertThat(raw.sampled()).isEqualTo(DOCUMENTS);
            SortedMap<Baseline, Resemblance> found = raw.of(0);
            assertThat(found.keySet()).containsExactly(Baseline.values());
            assertThat(found.get(Baseline.LENGTH)).isEqualTo(new Resemblance(10, 100, 1));
            assertThat(found.get(Baseline.SHUFFLED)).isEqualTo(new Resemblance(0, 0, -1));
            assertThat(spearman(found, Baseline.BM25))
                    .isCloseTo(
                            Agreement.of(bm25, folder.column(RowValue.LENGTH)).spearman(), within(1e-9));
            var normalised = new BaselineComparison(folder, queries, Normalisation.NORMALISED);
            assertThat(spearman(normalised.of(1), Baseline.GRADIENT_NORM))
                    .isNotEqualTo(spearman(raw.of(1), Baseline.GRADIENT_NORM));
        }
    }

    @Test
    void whatTheRunDoesNotHoldIsLeftOut() {
        write();
        try (ScoreFolder folder = ScoreFolder.open(directory)) {
            assertThat(new BaselineComparison(folder, queries, Normalisation.RAW)
                            .of(0)
                            .keySet())
                    .containsExactly(Baseline.LENGTH, Baseline.GRADIENT_NORM, Baseline.SHUFFLED);
        }
    }

    private static double spearman(SortedMap<Baseline, Resemblance> found, Baseline baseline) {
        return Objects.requireNonNull(found.get(baseline)).spearman();
    }

    private void write() {
        ScoreLayout layout = new ScoreLayout(List.of("a", "b"), DType.FLOAT64, "run");
        List<ScoredDocument> scored = IntStream.range(0, DOCUMENTS)
                .mapToObj(d -> {
                    int tokens = 2 + d * 37 % DOCUMENTS;
                    return new ScoredDocument(
                            "d" + d, 0, null, tokens, 1, 1 + d % 13, "", "{}", new double[] {tokens, -tokens});
                })
                .toList();
        SampleRun.write(directory, 0, layout, scored);
    }

    private static ScoredQuery query(String id, String kind) {
        return new ScoredQuery(id, kind, "one", "", "", 1, 2, 0, JsonNodeFactory.instance.objectNode());
    }
}
