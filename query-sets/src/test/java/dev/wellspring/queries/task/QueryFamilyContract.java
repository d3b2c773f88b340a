package dev.wellspring.queries.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every family keeps to, whatever it asks.
public abstract class QueryFamilyContract {
    /// The family under test.
    protected abstract QueryFamily family();

    /// Parameters that keep the test short.
    protected Map<String, String> parameters() {
        return Map.of();
    }

    /// Answers to a query that are not right, made from the right one.
    protected abstract List<String> wrongVariants(GeneratedQuery query);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, -7, 123_456_789_012L})
    void everyCompletionIsGradedRight(long seed) {
        assertThat(made(seed)).isNotEmpty().allSatisfy(query -> {
            Grade grade = family().grade(query, query.completion());
            assertThat(grade.verdict()).as("%s: %s", query.id(), grade.reason()).isEqualTo(Grade.Verdict.RIGHT);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, -7, 123_456_789_012L})
    void everyWrongVariantIsGradedWrong(long seed) {
        for (GeneratedQuery query : made(seed)) {
            assertThat(wrongVariants(query)).isNotEmpty().allSatisfy(variant -> {
                Grade grade = family().grade(query, variant);
                assertThat(grade.verdict())
                        .as("%s: %s: %s", query.id(), variant, grade.reason())
                        .isEqualTo(Grade.Verdict.WRONG);
            });
        }
    }

    @Test
    void anEmptyAnswerIsUnreadable() {
        assertThat(made(0))
                .allSatisfy(
                        query -> assertThat(family().grade(query, "").verdict()).isEqualTo(Grade.Verdict.UNREADABLE));
    }

    @Test
    void theSameSeedGivesTheSameQueries() {
        assertThat(made(5)).isEqualTo(made(5));
    }

    @Test
    void idsAreUnique() {
        assertThat(made(1).stream().map(GeneratedQuery::id)).doesNotHaveDuplicates();
    }

    @Test
    void countsAreThoseOfTheDefaults() {
        FamilyDescription description = family().describe();
        assertThat(family().generate(0, description.parameters(Map.of())).count())
                .isEqualTo(description.count());
    }

    @Test
    void queriesNameTheirFamilyAndHaveAnswersAndTargets() {
        assertThat(made(0)).allSatisfy(query -> {
            assertThat(query.family()).isEqualTo(family().name());
            assertThat(query.prompt()).isNotBlank();
            assertThat(query.answers())
                    .isNotEmpty()
                    .allSatisfy(answer -> assertThat(answer).isNotBlank());
            assertThat(query.targetSpans()).isNotEmpty();
        });
    }

    @Test
    void controlsMirrorAQueryOfTheSet() {
        List<GeneratedQuery> queries = made(0);
        Set<String> mirrored = queries.stream()
                .filter(query -> query.kind() != QueryKind.CONTROL)
                .map(GeneratedQuery::id)
                .collect(Collectors.toSet());
        assertThat(queries).allSatisfy(query -> {
            if (query.kind() == QueryKind.CONTROL) {
                assertThat(mirrored).contains(String.valueOf(query.controlOf()));
            } else {
                assertThat(query.controlOf()).isNull();
            }
        });
    }

    @Test
    void anUnknownParameterIsRefusedByName() {
        assertThatThrownBy(() -> family().describe().parameters(Map.of("colour", "red")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("colour")
                .hasMessageContaining(
                        family().describe().parameters().getFirst().name());
    }

    private List<GeneratedQuery> made(long seed) {
        return family().generate(seed, family().describe().parameters(parameters()))
                .toList();
    }
}
