package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShuffledQueriesTest {
    @ParameterizedTest
    @CsvSource({"40, 40, 20, true", "1, 1, 0, true", "3, 2, 1, true", "5, 2, 1, false", "7, 0, 0, false"})
    void everyQueryGetsAnotherOneOfAnotherKindWhereThatCanBe(int factual, int reasoning, int control, boolean can) {
        List<String> kinds = new ArrayList<>();
        kinds.addAll(Collections.nCopies(factual, "factual"));
        kinds.addAll(Collections.nCopies(reasoning, "reasoning"));
        kinds.addAll(Collections.nCopies(control, "control"));
        List<String> families = Collections.nCopies(kinds.size(), "one");
        for (long seed = 0; seed < 20; seed++) {
            int[] other = ShuffledQueries.of(kinds, families, seed);
            assertThat(IntStream.of(other).distinct()).hasSize(kinds.size());
            for (int q = 0; q < other.length; q++) {
                assertThat(other[q]).isNotEqualTo(q);
                if (can) {
                    assertThat(kinds.get(other[q])).isNotEqualTo(kinds.get(q));
                }
            }
        }
    }

    @Test
    void whereMostAreOfOneKindTheFamilyIsAnother() {
        List<String> kinds = Collections.nCopies(6, "reasoning");
        List<String> families = List.of("sum", "slope", "sum", "slope", "line", "line");
        int[] other = ShuffledQueries.of(kinds, families, 0);
        for (int q = 0; q < other.length; q++) {
            assertThat(families.get(other[q])).isNotEqualTo(families.get(q));
        }
    }

    @Test
    void theSameSeedGivesTheSameQueriesAndAnotherOneOthers() {
        List<String> kinds = Collections.nCopies(30, "factual");
        int[] other = ShuffledQueries.of(kinds, kinds, 1);
        assertThat(ShuffledQueries.of(kinds, kinds, 1)).isEqualTo(other);
        assertThat(ShuffledQueries.of(kinds, kinds, 2)).isNotEqualTo(other);
    }

    @Test
    void oneQueryAloneHasNoOther() {
        assertThatThrownBy(() -> ShuffledQueries.of(List.of("factual"), List.of("one"), 0))
                .hasMessageContaining("at least 2, got 1");
    }
}
