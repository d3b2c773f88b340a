package dev.wellspring.queries.task.factual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FactualFamilyTest extends QueryFamilyContract {
    @Override
    protected QueryFamily family() {
        return new FactualFamily();
    }

    @Override
    protected Map<String, String> parameters() {
        return Map.of("paraphrases", "3", "controls", "40");
    }

    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        return FactTable.FACTS.stream()
                .filter(fact -> !fact.answers().equals(query.answers()))
                .map(Fact::statement)
                .filter(statement -> query.answers().stream().noneMatch(statement::contains))
                .toList();
    }

    @Test
    void everyFactIsThereOnce() {
        assertThat(FactTable.FACTS).hasSize(40).doesNotHaveDuplicates();
        assertThat(FactTable.FACTS.stream().map(Fact::subject)).doesNotHaveDuplicates();
        assertThat(FactTable.FACTS.stream().map(Fact::stratum)).contains(Stratum.values());
    }

    @Test
    void anyAliasIsRight() {
        GeneratedQuery belgium = made(Map.of()).getFirst();
        assertThat(belgium.prompt()).isEqualTo("What is the capital of Belgium?\n\n");
        assertThat(family().grade(belgium, "Bruxelles, of course").verdict()).isEqualTo(Grade.Verdict.RIGHT);
        assertThat(family().grade(belgium, "Antwerp").verdict()).isEqualTo(Grade.Verdict.WRONG);
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

    @Test
    void controlsHoldTheirAnswerInThePrompt() {
        List<GeneratedQuery> controls = made(Map.of()).stream()
                .filter(query -> query.kind() == QueryKind.CONTROL)
                .toList();
        assertThat(controls)
                .hasSize(10)
                .allSatisfy(control ->
                        assertThat(control.prompt()).contains(control.answers().getFirst()));
    }

    private List<GeneratedQuery> made(Map<String, String> parameters) {
        return family().generate(3, family().describe().parameters(parameters)).toList();
    }
}
