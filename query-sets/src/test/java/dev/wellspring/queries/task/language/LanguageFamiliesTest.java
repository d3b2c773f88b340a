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

    @ParameterizedTest
    @MethodSource("seeds")
    void aScrambledPromptHasTheSameQuestionsAndNoRightAnswer(long seed) {
        List<GeneratedQuery> queries = generate(ADDITION, seed, Map.of());
        Map<String, GeneratedQuery> byId = new HashMap<>();
        queries.forEach(query -> byId.put(query.id(), query));

        for (GeneratedQuery query : queries) {
            int right = 0;
            List<String> lines = query.prompt().lines().toList();
            for (String line : lines.subList(0, lines.size() - 1)) {
                right += exampleIsRight(line) ? 1 : 0;
            }
            int examples = query.coordinates().getOrDefault("examples", -1);
            assertThat(lines).hasSize(examples + 1);
            assertThat(right).isEqualTo(query.controlOf() == null ? examples : 0);
            assertThat(query.prompt()).doesNotContain("=" + query.completion() + "\n");
        }
        assertThat(byId.values().stream().filter(query -> query.controlOf() != null))
                .hasSize(140);
    }

    @Test
    void similarExamplesKeepAllDigitsButThreeAdjacentOnes() {
        for (GeneratedQuery query : generate(ADDITION, 3, Map.of("digits", "8"))) {
            if (!"similar".equals(query.labels().get("examples"))) {
                continue;
            }
            String asked = String.valueOf(query.coordinates().getOrDefault("a", -1));
            for (String line : query.prompt().lines().toList()) {
                String other = line.substring(line.indexOf("Int a: ") + 7, line.indexOf(';'));
                int first = 0;
                int last = 7;
                while (first < 8 && other.charAt(first) == asked.charAt(first)) {
                    first++;
                }
                while (last >= 0 && other.charAt(last) == asked.charAt(last)) {
                    last--;
                }
                assertThat(last - first).isLessThan(3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void wrongNumbersAndSymbolsAreWrong(long seed) {
        for (GeneratedQuery query : generate(ADDITION, seed, Map.of())) {
            int sum = Integer.parseInt(query.completion());
            assertThat(ADDITION.grade(query, String.valueOf(sum + 1)).verdict()).isEqualTo(Verdict.WRONG);
            assertThat(ADDITION.grade(query, sum + "\nInt a: 7").verdict()).isEqualTo(Verdict.RIGHT);
            assertThat(ADDITION.grade(query, "many").verdict()).isEqualTo(Verdict.UNREADABLE);
        }
        for (GeneratedQuery query : generate(MAPPING, seed, Map.of())) {
            String other = query.completion().equals(" a") ? " b" : " a";
            assertThat(MAPPING.grade(query, other).verdict()).isEqualTo(Verdict.WRONG);
            assertThat(MAPPING.grade(query, query.completion() + "\nb -> c").verdict())
                    .isEqualTo(Verdict.RIGHT);
            assertThat(MAPPING.grade(query, "alpha").verdict()).isEqualTo(Verdict.UNREADABLE);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aSymbolIsInTheListExactlyWhenItIsCalledShown(long seed) {
        for (GeneratedQuery query : generate(MAPPING, seed, Map.of("mappings", "4096"))) {
            List<String> lines = query.prompt().lines().toList();
            String asked = lines.getLast();
            List<String> pairs = lines.subList(0, lines.size() - 1);
            boolean shown = "shown".equals(query.labels().get("symbol"));
            assertThat(pairs).hasSize(15);
            assertThat(pairs.stream().anyMatch(pair -> pair.startsWith(asked))).isEqualTo(shown);
            assertThat(pairs.contains(asked + query.completion())).isEqualTo(shown);
            assertThat(query.coordinates().getOrDefault("mapping", -1) < 4096)
                    .isEqualTo("stored".equals(query.labels().get("mapping")));
        }
    }

    private static boolean exampleIsRight(String line) {
        int a = Integer.parseInt(line.substring(line.indexOf("Int a: ") + 7, line.indexOf("; Int b")));
        int b = Integer.parseInt(line.substring(line.indexOf("Int b: ") + 7, line.indexOf(". The sum")));
        return line.endsWith("=" + (a + b));
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
