package dev.wellspring.queries.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade.Verdict;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import dev.wellspring.queries.task.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InContextMappingTest extends QueryFamilyContract {
    @Override
    protected QueryFamily family() {
        return new InContextMapping();
    }

    /// Another symbol, alone and at the head of a list that goes on with the right one.
    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        String other = query.completion().equals(" a") ? " b" : " a";
        return List.of(other, other + "\nb ->" + query.completion());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 2024})
    void aSymbolIsInTheListExactlyWhenItIsCalledShown(long seed) {
        for (GeneratedQuery query : made(seed)) {
            List<String> lines = query.prompt().lines().toList();
            String asked = lines.getLast();
            List<String> pairs = lines.subList(0, lines.size() - 1);
            boolean shown = "shown".equals(query.labels().get("symbol"));
            assertThat(pairs).hasSize(15);
            assertThat(pairs.stream().anyMatch(pair -> pair.startsWith(asked))).isEqualTo(shown);
            assertThat(pairs.contains(asked + query.completion())).isEqualTo(shown);
            assertThat(query.coordinates().getOrDefault("mapping", -1) < 4096)
                    .isEqualTo("stored".equals(query.labels().get("mapping")));
            assertThat(query.targetSpans()).containsExactly(new Span("answer", 1, 2));
        }
    }

    @ParameterizedTest
    @CsvSource({"'a\nb -> c', RIGHT", "' a', RIGHT", "b, WRONG", "alpha, UNREADABLE", "'7', UNREADABLE"})
    void theFirstSymbolCounts(String answer, Verdict verdict) {
        GeneratedQuery query = made(1).stream()
                .filter(one -> one.answers().equals(List.of("a")))
                .findFirst()
                .orElseThrow();
        assertThat(family().grade(query, answer).verdict()).isEqualTo(verdict);
    }

    private List<GeneratedQuery> made(long seed) {
        return family().generate(seed, family().describe().parameters(Map.of("mappings", "4096", "count", "20")))
                .toList();
    }
}
