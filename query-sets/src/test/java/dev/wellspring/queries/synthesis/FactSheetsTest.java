package dev.wellspring.queries.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.factual.FactualFamily;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The documents of `facts` answer the queries of `factual` that the same seed makes.
class FactSheetsTest {
    private static List<GeneratedQuery> queries(long seed, Map<String, String> parameters) {
        QueryFamily family = new FactualFamily();
        return family.generate(seed, family.describe().parameters(parameters)).toList();
    }

    private static List<LabelledDocument> documents(String family, long seed, Map<String, String> parameters) {
        DocumentFamily made = DocumentFamilies.named(family);
        Documents documents = made.documents(seed, made.describe().parameters(parameters));
        return LongStream.range(0, documents.distinct()).mapToObj(documents::at).toList();
    }

    /// A mixed corpus that holds every document about its facts once.
    private static List<LabelledDocument> mixed(long seed, String table, int facts, String others) {
        String recipe = "facts:" + FactSheets.count(facts) + "," + others;
        return documents(
                "mixed", seed, Map.of("recipe", recipe, "facts.table", table, "facts.facts", Integer.toString(facts)));
    }

    private static boolean holds(LabelledDocument document, GeneratedQuery query) {
        return query.answers().stream().anyMatch(answer -> AnswerText.mentions(document.text(), answer));
    }

    @ParameterizedTest
    @CsvSource({"0, invented, 17", "1, invented, 17", "-9, invented, 8", "0, real, 40", "5, real, 8"})
    void everyQueryIsAnsweredByAsManyDocumentsAsItSaysAndByNoOther(long seed, String table, int facts) {
        String others = "filler:150,canaries:40,reasoning-answers:30,lists:20"
                + (table.equals("invented") ? ",procedures:60,rules:30,grid-cases:30" : "");
        List<LabelledDocument> corpus = mixed(seed, table, facts, others);
        List<GeneratedQuery> queries =
                queries(seed, Map.of("table", table, "facts", Integer.toString(facts), "controls", "0"));
        assertThat(queries).hasSize(facts);
        for (GeneratedQuery query : queries) {
            List<LabelledDocument> named = corpus.stream()
                    .filter(document -> query.id().equals(document.query()))
                    .toList();
            assertThat(named).hasSize(Objects.requireNonNull(query.coordinates().get("repetition")));
            assertThat(named).allSatisfy(document -> {
                assertThat(document.role()).isEqualTo(Role.ANSWER_FACT);
                assertThat(document.task()).isEqualTo(query.family());
                assertThat(query.answers()).containsAll(document.answers()).isNotEmpty();
                assertThat(document.answers()).isNotEmpty().allMatch(document.text()::contains);
                assertThat(document.text()).contains(query.labels().get("subject"));
                assertThat(document.coordinates())
                        .containsEntry("fact", query.coordinates().get("fact"))
                        .containsEntry("repetition", named.size());
            });
            assertThat(corpus.stream().filter(document -> !query.id().equals(document.query())))
                    .noneMatch(document -> holds(document, query));
        }
    }

    @Test
    void controlsHaveNoDocument() {
        List<LabelledDocument> corpus = mixed(3, "invented", 21, "filler:50,canaries:10");
        List<GeneratedQuery> controls = queries(3, Map.of("table", "invented", "facts", "21")).stream()
                .filter(query -> query.controlOf() != null)
                .toList();
        assertThat(controls)
                .hasSize(10)
                .allSatisfy(control -> assertThat(corpus)
                        .noneMatch(document -> control.id().equals(document.query()) || holds(document, control)));
    }

    @Test
    void someDocumentsUseTheAlias() {
        List<LabelledDocument> sheets = documents("facts", 2, Map.of());
        for (GeneratedQuery query : queries(2, Map.of("table", "invented", "controls", "0"))) {
            Map<String, Long> used = sheets.stream()
                    .filter(sheet -> query.id().equals(sheet.query()))
                    .collect(Collectors.groupingBy(sheet -> sheet.answers().getFirst(), Collectors.counting()));
            int repetition = Objects.requireNonNull(query.coordinates().get("repetition"));
            assertThat(used.keySet())
                    .hasSize(repetition < 4 ? 1 : query.answers().size());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 11})
    void factsAreRepeatedOneToSixtyFourTimesInDifferentWords(long seed) {
        Map<Integer, List<LabelledDocument>> facts = documents("facts", seed, Map.of("prose", "0")).stream()
                .collect(Collectors.groupingBy(
                        sheet -> Objects.requireNonNull(sheet.coordinates().get("fact"))));
        assertThat(facts).hasSize(70);
        facts.forEach((fact, sheets) -> {
            assertThat(sheets).hasSize(1 << (fact % 7));
            assertThat(sheets.stream().map(LabelledDocument::template).distinct())
                    .hasSize(Math.min(sheets.size(), 8));
        });
        assertThat(FactSheets.count(70)).isEqualTo(1270);
        assertThat(FactSheets.count(9)).isEqualTo(127 + 1 + 2);
    }

    @Test
    void everySecondDocumentOfAFactAsksAndAnswersAsItsQueryDoes() {
        Map<String, GeneratedQuery> queries = queries(2, Map.of("table", "invented", "paraphrases", "3")).stream()
                .collect(Collectors.toMap(query -> query.prompt() + query.completion(), query -> query));
        List<LabelledDocument> sheets = documents("facts", 2, Map.of("question-every", "2"));
        assertThat(sheets).allSatisfy(sheet -> {
            boolean asks = Objects.requireNonNull(sheet.coordinates().get("copy")) % 2 == 0;
            assertThat(queries.containsKey(sheet.text())).isEqualTo(asks);
            assertThat(sheet.template().contains("question")).isEqualTo(asks);
        });
        assertThat(sheets.stream().map(LabelledDocument::template).filter(name -> name.startsWith("river-question")))
                .contains("river-question-0", "river-question-1", "river-question-2");
    }
}
