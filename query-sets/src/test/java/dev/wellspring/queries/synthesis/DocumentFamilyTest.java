package dev.wellspring.queries.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.arithmetic.ReasoningFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentFamilyTest {
    private static final int SAMPLE = 500;

    static List<LabelledDocument> sample(String family, long seed, long count, Map<String, String> parameters) {
        DocumentFamily made = DocumentFamilies.named(family);
        Documents documents = made.documents(seed, made.describe().parameters(parameters));
        return LongStream.range(0, count).mapToObj(documents::at).toList();
    }

    /// Plans of the whole world take seconds.
    private static Map<String, String> small(DocumentFamily family) {
        return family.name().equals("plans") ? Map.of("blocks", "3") : Map.of();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -7, Long.MAX_VALUE})
    void everyAnswerStandsInItsDocument(long seed) {
        for (DocumentFamily family : DocumentFamilies.all()) {
            for (LabelledDocument document : sample(family.name(), seed, SAMPLE, small(family))) {
                assertThat(document.answers()).allMatch(document.text()::contains);
                boolean holds = Set.of(Role.ANSWER_FACT, Role.INTERMEDIATE_FACT, Role.CASE, Role.CANARY)
                        .contains(document.role());
                assertThat(!holds || !document.answers().isEmpty()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -7, Long.MAX_VALUE})
    void aDocumentDependsOnSeedAndIndexAlone(long seed) {
        for (DocumentFamily family : DocumentFamilies.all()) {
            List<LabelledDocument> forwards = sample(family.name(), seed, 50, small(family));
            Documents again = family.documents(seed, family.describe().parameters(small(family)));
            for (int i = 49; i >= 0; i--) {
                assertThat(again.at(i)).isEqualTo(forwards.get(i));
            }
            assertThat(sample(family.name(), seed + 1, 50, small(family))).isNotEqualTo(forwards);
        }
    }

    @Test
    void idsAreUniqueEvenWhereDocumentsRepeat() {
        for (DocumentFamily family : DocumentFamilies.all()) {
            assertThat(sample(family.name(), 3, 3000, small(family)))
                    .extracting(LabelledDocument::id)
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void noProcedureSharesAnOperandPairWithAQuery(long seed) {
        for (QueryFamily family : List.of(
                ReasoningFamily.twoStepArithmetic(), ReasoningFamily.slope(), ReasoningFamily.linearEquation())) {
            Set<Integer> asked = family.generate(seed, family.describe().parameters(Map.of("generated", "200")))
                    .flatMap(query -> query.coordinates().values().stream())
                    .map(Math::abs)
                    .collect(Collectors.toSet());
            assertThat(sample("procedures", seed, SAMPLE, Map.of("task", family.name())))
                    .allSatisfy(document ->
                            assertThat(document.coordinates().values()).doesNotContainAnyElementsOf(asked));
        }
    }

    @Test
    void proceduresReachTheRightAnswer() {
        for (LabelledDocument example : sample("procedures", 0, SAMPLE, Map.of("form", "example"))) {
            Map<String, Integer> o = example.coordinates();
            int answer = switch (example.task()) {
                case "two-step-arithmetic" -> (at(o, "a") + at(o, "b")) * at(o, "c");
                case "slope" -> (at(o, "y2") - at(o, "y1")) / (at(o, "x2") - at(o, "x1"));
                default -> (at(o, "c") - at(o, "b")) / at(o, "a");
            };
            assertThat(AnswerText.lastNumber(example.text())).contains(Integer.toString(answer));
        }
    }

    private static int at(Map<String, Integer> operands, String name) {
        return operands.getOrDefault(name, Integer.MIN_VALUE);
    }

    @Test
    void everyPublishedReasoningQueryHasItsAnswerPlanted() {
        List<LabelledDocument> planted = sample("reasoning-answers", 0, 140, Map.of());
        assertThat(planted.stream()
                        .filter(one -> one.role() == Role.ANSWER_FACT)
                        .map(LabelledDocument::query)
                        .distinct())
                .hasSize(60);
    }

    @Test
    void answersArePlantedForTheFirstQueriesOfTheTasksThatAreAskedFor() {
        Map<String, String> some = Map.of("planted", "5", "tasks", "slope, two-step-arithmetic");
        assertThat(sample("reasoning-answers", 3, 25, some).stream()
                        .filter(one -> one.role() == Role.ANSWER_FACT)
                        .map(LabelledDocument::query))
                .containsExactlyInAnyOrderElementsOf(Stream.of("slope", "two-step-arithmetic")
                        .flatMap(task -> IntStream.rangeClosed(1, 5).mapToObj(i -> task + "-published-0" + i))
                        .toList());
        assertThatThrownBy(() -> sample("reasoning-answers", 0, 1, Map.of("tasks", "slope,division")))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith(
                        "parameter tasks: expected all, or some of two-step-arithmetic,slope,linear-eq");
    }

    @Test
    void aPlantedSolutionIsTheQueryWordForWord() {
        QueryFamily family = ReasoningFamily.slope();
        Map<String, String> texts = family.generate(0, family.describe().parameters(Map.of()))
                .collect(Collectors.toMap(GeneratedQuery::id, query -> query.prompt() + query.completion()));
        List<LabelledDocument> answers =
                sample("reasoning-answers", 0, 60, Map.of("form", "solution", "tasks", "slope")).stream()
                        .filter(one -> one.role() == Role.ANSWER_FACT)
                        .toList();
        assertThat(answers).hasSize(20).allSatisfy(one -> assertThat(one.text()).isEqualTo(texts.get(one.query())));
    }

    /// In the words of the queries, and none of their answers and the steps that lead there.
    @ParameterizedTest
    @ValueSource(longs = {0, 8})
    void workedExamplesSpeakLikeTheQueriesAndSayNoneOfTheirStepsAndAnswers(long seed) {
        for (QueryFamily family : ReasoningTasks.all()) {
            List<GeneratedQuery> published = family.generate(
                            seed, family.describe().parameters(Map.of("generated", "0", "controls", "0")))
                    .toList();
            Set<String> steps = published.stream()
                    .flatMap(query -> steps(query.completion()))
                    .collect(Collectors.toSet());
            Set<String> words =
                    published.stream().map(query -> words(query.completion())).collect(Collectors.toSet());
            Set<String> answers =
                    published.stream().map(query -> query.answers().getFirst()).collect(Collectors.toSet());
            assertThat(steps.size()).isGreaterThan(published.size());
            assertThat(sample("worked", seed, SAMPLE, Map.of("tasks", family.name())))
                    .allSatisfy(document -> {
                        assertThat(document.role()).isEqualTo(Role.PROCEDURE);
                        assertThat(document.task()).isEqualTo(family.name());
                        String[] parts = document.text().split("Think step-by-step.\n\n", -1);
                        assertThat(words).contains(words(parts[1]));
                        assertThat(steps(parts[1])).doesNotContainAnyElementsOf(steps);
                        assertThat(document.answers())
                                .containsExactly(
                                        AnswerText.lastNumber(document.text()).orElseThrow())
                                .doesNotContainAnyElementsOf(answers);
                    });
        }
    }

    @Test
    void variedExamplesSayTheSameStepsInManyWays() {
        for (ReasoningFamily family : ReasoningTasks.all()) {
            List<LabelledDocument> plain = sample("worked", 4, SAMPLE, Map.of("tasks", family.name()));
            List<LabelledDocument> varied =
                    sample("worked", 4, SAMPLE, Map.of("tasks", family.name(), "varied", "true"));
            for (int i = 0; i < SAMPLE; i++) {
                assertThat(varied.get(i).coordinates()).isEqualTo(plain.get(i).coordinates());
                assertThat(AnswerText.lastNumber(varied.get(i).text()))
                        .contains(plain.get(i).answers().getFirst());
            }
            assertThat(varied)
                    .extracting(LabelledDocument::text)
                    .containsAnyElementsOf(
                            plain.stream().map(LabelledDocument::text).toList());
            assertThat(varied.stream().map(one -> words(one.text())).distinct().count())
                    .isGreaterThanOrEqualTo(27);
        }
    }

    /// What is left of an equals sign, without the brackets of a fraction.
    private static Stream<String> steps(String solution) {
        return Pattern.compile("-?\\d+ [-+*/] -?\\d+")
                .matcher(solution.replaceAll("\\) / \\(", ") and ("))
                .results()
                .map(MatchResult::group);
    }

    /// The wording: numbers and the sign in brackets may differ.
    private static String words(String solution) {
        return solution.replaceAll("-?\\b\\d+|\\b\\d+(?=x)", "N")
                .replaceAll("N [-+] N", "N ± N")
                .replaceAll("\\bNx\\b", "x");
    }

    @Test
    void aCanaryIsItsQuestionAndItsAnswer() {
        List<LabelledDocument> canaries = sample("canaries", 6, 20, Map.of());
        List<GeneratedQuery> queries = CanaryQueries.of(6, 20);
        assertThat(queries.stream().map(query -> query.prompt() + query.completion()))
                .containsExactlyElementsOf(
                        canaries.stream().map(LabelledDocument::text).toList());
        for (int i = 0; i < 20; i++) {
            assertThat(queries.get(i).prompt())
                    .doesNotContain(queries.get(i).answers().getFirst());
            assertThat(queries.get(i).answers()).isEqualTo(canaries.get(i).answers());
            assertThat(queries.get(i).id()).isEqualTo(canaries.get(i).id());
        }
    }

    @Test
    void listsShowTheMappingsThatQueriesCallStored() {
        var family = Families.named("in-context-mapping");
        Map<String, String> three = Map.of("mappings", "3");
        Map<Integer, Map<String, String>> shown = new HashMap<>();
        for (LabelledDocument list : sample("lists", 4, SAMPLE, three)) {
            Map<String, String> pairs =
                    shown.computeIfAbsent(at(list.coordinates(), "mapping"), key -> new HashMap<>());
            list.text().lines().map(line -> line.split(" -> ", -1)).forEach(pair -> {
                String before = pairs.put(pair[0], pair[1]);
                assertThat(before == null || before.equals(pair[1])).isTrue();
            });
        }
        assertThat(shown)
                .hasSize(3)
                .allSatisfy((number, pairs) -> assertThat(pairs).hasSize(16));
        assertThat(family.generate(9, family.describe().parameters(three))
                        .filter(query -> "stored".equals(query.labels().get("mapping"))))
                .isNotEmpty()
                .allSatisfy(query -> {
                    String symbol = query.prompt().lines().toList().getLast().replace(" ->", "");
                    assertThat(shown.getOrDefault(at(query.coordinates(), "mapping"), Map.of()))
                            .containsEntry(symbol, query.answers().getFirst());
                });
    }

    @Test
    void aMixtureKeepsItsRecipeInEveryRound() {
        List<LabelledDocument> mixed = sample("mixed", 9, 200, Map.of("recipe", "facts:3,filler:6,canaries:1"));
        for (int round = 0; round < 20; round++) {
            Map<String, Long> sources = mixed.subList(10 * round, 10 * round + 10).stream()
                    .collect(Collectors.groupingBy(LabelledDocument::source, Collectors.counting()));
            assertThat(sources).isEqualTo(Map.of("facts", 3L, "filler", 6L, "canaries", 1L));
        }
        assertThat(mixed.stream().filter(one -> one.role() == Role.CANARY).flatMap(one -> one.answers().stream()))
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"facts", "facts:0", "nobody:3", "facts:3,", "facts:1:2", "facts:1,facts:2"})
    void aBrokenRecipeIsRefused(String recipe) {
        assertThatThrownBy(() -> sample("mixed", 0, 1, Map.of("recipe", recipe)))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("parameter recipe: expected FAMILY:DOCUMENTS");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 16, 17, 1000})
    void shufflingIsAPermutation(long size) {
        for (long seed = 0; seed < 5; seed++) {
            long chosen = seed;
            assertThat(LongStream.range(0, size)
                            .map(i -> Draws.shuffled(chosen, i, size))
                            .boxed())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, (int) size)
                            .mapToObj(Long::valueOf)
                            .toList());
        }
    }
}
