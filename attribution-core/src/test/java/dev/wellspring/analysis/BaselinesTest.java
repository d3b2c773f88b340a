package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    private static final List<int[]> DOCUMENTS = List.of(new int[] {5, 6, 7}, new int[] {8}, new int[] {6, 9});

    @Test
    void lengthIsTheNumberOfPredictionsForEveryQuery() {
        assertThat(Baselines.length(DOCUMENTS, 2)).isDeepEqualTo(new double[][] {{2, 0, 1}, {2, 0, 1}});
    }

    @Test
    void bm25IsAMatrixOfQueriesByDocuments() {
        double[][] scores = Baselines.bm25(DOCUMENTS, List.of(new int[] {9}, new int[] {6}));
        assertThat(scores).hasDimensions(2, 3);
        assertThat(scores[0][0]).isZero();
        assertThat(scores[0][2]).isPositive();
        assertThat(scores[1][2]).as("the shorter one").isGreaterThan(scores[1][0]);
    }
}
