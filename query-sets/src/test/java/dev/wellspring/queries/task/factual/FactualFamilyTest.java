package dev.wellspring.queries.task.factual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactualFamilyTest {
    private final QueryFamily family = new FactualFamily();

    /// What every family keeps to, over one of the tables.
    private abstract static class TableContract extends QueryFamilyContract {
        abstract String table();

        @Override
        protected QueryFamily family() {
            return new FactualFamily();
        }

        @Override
        protected Map<String, String> parameters() {
            return Map.of("table", table(), "paraphrases", "3", "controls", "40");
        }

        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            return facts(Map.of("table", table())).stream()
                    .filter(fact -> !fact.answers().equals(query.answers()))
                    .map(Fact::statement)
                    .filter(statement -> query.answers().stream().noneMatch(statement::contains))
                    .toList();
        }
    }

    @Nested
    class RealTableTest extends TableContract {
        @Override
        String table() {
            return "real";
        }
    }

    @Nested
    class InventedTableTest extends TableContract {
        @Override
        String table() {
            return "invented";
        }
    }

    private static List<Fact> facts(Map<String, String> parameters) {
        FactTable table = FactTable.chosen(3, new FactualFamily().describe().parameters(parameters));
        return IntStream.range(0, table.size()).mapToObj(table::fact).toList();
    }

    @Test
    void everyRealFactIsThereOnce() {
        List<Fact> facts = facts(Map.of("table", "real"));
        assertThat(facts).hasSize(40).doesNotHaveDuplicates();
        assertThat(facts).extracting(Fact::subject).doesNotHaveDuplicates();
        assertThat(facts).extracting(Fact::stratum).contains("frequent", "medium", "rare");
    }

    @Test
    void inventedFactsShareNoName() {
        List<Fact> facts = facts(Map.of("table", "invented", "facts", "20000"));
        assertThat(facts.stream().flatMap(fact -> Stream.concat(Stream.of(fact.subject()), fact.answers().stream())))
                .doesNotHaveDuplicates();
        assertThat(facts).extracting(Fact::query).doesNotHaveDuplicates();
    }

    @Test
    void theStrataOfInventedFactsAreTheirRepetitions() {
        List<GeneratedQuery> queries = made(Map.of("table", "invented", "facts", "56", "controls", "0"));
        Map<String, List<GeneratedQuery>> strata = queries.stream()
                .collect(Collectors.groupingBy(query -> query.labels().getOrDefault("stratum", "")));
        assertThat(strata).containsOnlyKeys("1", "2", "4", "8", "16", "32", "64");
        strata.forEach((stratum, those) -> {
            assertThat(those)
                    .hasSize(8)
                    .allSatisfy(query ->
                            assertThat(query.coordinates()).containsEntry("repetition", Integer.valueOf(stratum)));
            assertThat(those.stream().map(query -> query.labels().get("relation")))
                    .contains("capital", "founder", "river", "author");
            assertThat(those.stream().filter(query -> query.answers().size() == 2))
                    .hasSize(4);
        });
    }

    @Test
    void theSameNumberOfFactsIsAskedForWhateverTheSeed() {
        assertThat(made(Map.of("table", "invented", "facts", "9"))).hasSize(18);
        assertThat(made(Map.of("facts", "9", "controls", "0"))).hasSize(9);
    }

    @Test
    void anyAliasIsRight() {
        GeneratedQuery belgium = made(Map.of()).getFirst();
        assertThat(belgium.prompt()).isEqualTo("What is the capital of Belgium?\n\n");
        assertThat(family.grade(belgium, "Bruxelles, of course").verdict()).isEqualTo(Grade.Verdict.RIGHT);
        assertThat(family.grade(belgium, "Antwerp").verdict()).isEqualTo(Grade.Verdict.WRONG);
    }

    @Test
    void paraphrasesAskForTheSameAnswer() {
        List<GeneratedQuery> queries = made(Map.of("paraphrases", "3", "controls", "0"));
        assertThat(queries).hasSize(120);
        for (int i = 0; i < queries.size(); i += 3) {
            assertThat(queries.subList(i, i + 3).stream().map(GeneratedQuery::prompt))
                    .doesNotHaveDuplicates();
            assertThat(queries.subList(i, i + 3).stream()
                            .map(GeneratedQuery::answers)
                            .distinct())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"real", "invented"})
    void controlsHoldTheirAnswerInThePromptAndNoTableHasIt(String table) {
        List<GeneratedQuery> controls = made(Map.of("table", table)).stream()
                .filter(query -> query.kind() == QueryKind.CONTROL)
                .toList();
        assertThat(controls).hasSize(10).allSatisfy(control -> {
            assertThat(control.prompt()).contains(control.answers().getFirst());
            assertThat(facts(Map.of("table", table)))
                    .noneMatch(fact -> fact.answers().equals(control.answers()));
        });
    }

    private List<GeneratedQuery> made(Map<String, String> parameters) {
        return family.generate(3, family.describe().parameters(parameters)).toList();
    }
}
