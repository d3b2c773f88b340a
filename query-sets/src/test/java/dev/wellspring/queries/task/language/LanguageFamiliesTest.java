package dev.wellspring.queries.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Grade.Verdict;
import dev.wellspring.queries.task.QueryFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LanguageFamiliesTest {
    private static final QueryFamily FORM = new FormFamily();
    private static final QueryFamily ADDITION = new InContextAddition();
    private static final QueryFamily MAPPING = new InContextMapping();

    @ParameterizedTest
    @MethodSource("familiesAndSeeds")
    void everyCompletionIsRightAndCountsAreAsDescribed(QueryFamily family, long seed) {
        List<GeneratedQuery> queries = generate(family, seed, Map.of());

        assertThat(queries).hasSize(family.describe().count());
        assertThat(queries.stream().map(GeneratedQuery::id)).doesNotHaveDuplicates();
        for (GeneratedQuery query : queries) {
            Grade grade = family.grade(query, query.completion());
            assertThat(grade.verdict()).as("%s: %s", query.id(), grade.reason()).isEqualTo(Verdict.RIGHT);
        }
        assertThat(generate(family, seed, Map.of())).isEqualTo(queries);
        assertThat(generate(family, seed + 1, Map.of())).isNotEqualTo(queries);
    }

    @ParameterizedTest
    @MethodSource("familiesAndSeeds")
    void controlsAndWhatTheyMirrorAreInTheSameSet(QueryFamily family, long seed) {
        Map<String, GeneratedQuery> byId = new HashMap<>();
        generate(family, seed, Map.of()).forEach(query -> byId.put(query.id(), query));

        for (GeneratedQuery query : byId.values()) {
            assertThat(query.controlOf() != null).isEqualTo(query.kind() == QueryKind.CONTROL);
            if (query.controlOf() != null) {
                assertThat(byId).containsKey(query.controlOf());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyOtherOptionIsWrong(long seed) {
        for (GeneratedQuery query : generate(FORM, seed, Map.of("count", "20"))) {
            List<String> options =
                    List.of(query.labels().getOrDefault("options", "").split("\\|", -1));
            assertThat(options)
                    .as(query.id())
                    .doesNotHaveDuplicates()
                    .contains(query.answers().getFirst());
            for (int i = 0; i < options.size(); i++) {
                boolean right = options.get(i).equals(query.answers().getFirst());
                String answer = "closed-adversarial".equals(query.format())
                        ? "(" + (char) ('a' + i) + ")"
                        : "\"" + options.get(i) + "\".";
                assertThat(FORM.grade(query, answer).verdict())
                        .as("%s: %s", query.id(), answer)
                        .isEqualTo(right ? Verdict.RIGHT : Verdict.WRONG);
            }
            assertThat(FORM.grade(query, "?").verdict()).isEqualTo(Verdict.UNREADABLE);
        }
    }

    @Test
    void promptsHaveThePapersThreeForms() {
        List<GeneratedQuery> queries = generate(FORM, 1, Map.of("task", "rhyming", "count", "1"));

        assertThat(queries).extracting(GeneratedQuery::format).containsExactly("closed", "closed-adversarial", "open");
        assertThat(queries.get(0).prompt())
                .contains(" The possible answers are \"")
                .endsWith("\", but the correct answer is");
        assertThat(queries.get(1).prompt())
                .startsWith("QUESTION: ")
                .contains("\nOPTIONS: (a) \"")
                .endsWith("\nANSWER:");
        assertThat(queries.get(2).prompt()).endsWith("? The correct answer is");
    }

    @Test
    void thereAreTwentyTwoTasksThreeOfThemFormalAndEightMemorisable() {
        assertThat(FormTask.values()).hasSize(22);
        assertThat(Stream.of(FormTask.values()).filter(task -> task.competence() == FormTask.Competence.FORMAL))
                .containsExactly(FormTask.NONSENSE_WORDS_GRAMMAR, FormTask.RHYMING, FormTask.COMMON_MORPHEME);
        assertThat(Stream.of(FormTask.values()).filter(FormTask::memorisable)).hasSize(8);
    }

    @Test
    void anAnswerThatNamesASecondOptionIsWrong() {
        assertThat(OptionGrader.option("yes", List.of("yes", "no"), " Yes.").verdict())
                .isEqualTo(Verdict.RIGHT);
        assertThat(OptionGrader.option("yes", List.of("yes", "no"), "yes or no").verdict())
                .isEqualTo(Verdict.WRONG);
        assertThat(OptionGrader.option("no", List.of("yes", "no"), "nothing").verdict())
                .isEqualTo(Verdict.UNREADABLE);
        assertThat(OptionGrader.letter("no", List.of("yes", "no"), "b) no").verdict())
                .isEqualTo(Verdict.RIGHT);
        assertThat(OptionGrader.letter("no", List.of("yes", "no"), "(c)").verdict())
                .isEqualTo(Verdict.UNREADABLE);
    }

    private static List<GeneratedQuery> generate(QueryFamily family, long seed, Map<String, String> parameters) {
        return family.generate(seed, family.describe().parameters(parameters)).toList();
    }

    private static Stream<Long> seeds() {
        return Stream.of(1L, 42L, 2024L);
    }

    private static Stream<Arguments> familiesAndSeeds() {
        return Stream.of(FORM, ADDITION, MAPPING).flatMap(family -> seeds().map(seed -> Arguments.of(family, seed)));
    }
}
