package dev.wellspring.queries.synthesis;

import static dev.wellspring.queries.synthesis.DocumentFamilyTest.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.grid.AnswerFormat;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.grid.LeaveSquareOut;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GridCasesTest {
    @ParameterizedTest
    @MethodSource("tasksAndFormats")
    void everyCellIsOneDocumentThatSaysWhatItsQueryAsksAndAnswers(GridTask task, AnswerFormat format) {
        QueryFamily family = new LeaveSquareOut(task);
        Map<String, GeneratedQuery> queries = family.generate(
                        0, family.describe().parameters(Map.of("format", format.text())))
                .collect(Collectors.toMap(GeneratedQuery::id, Function.identity()));
        Map<String, String> parameters = Map.of("task", task.text(), "format", format.text());
        var documents = sample("grid-cases", 5, task.size(), parameters);
        assertThat(documents.stream().map(LabelledDocument::query).distinct()).hasSize(queries.size());
        for (LabelledDocument document : documents) {
            GeneratedQuery query = Objects.requireNonNull(queries.get(String.valueOf(document.query())));
            assertThat(document.text()).isEqualTo(query.prompt() + query.completion());
            assertThat(document.task()).isEqualTo(query.family());
            assertThat(document.coordinates()).isEqualTo(query.coordinates());
            assertThat(document.format()).isEqualTo(query.format());
            assertThat(document.role()).isEqualTo(Role.CASE);
        }
    }

    private static Stream<Arguments> tasksAndFormats() {
        return Stream.of(GridTask.values())
                .flatMap(task -> task.formats().stream().map(format -> Arguments.of(task, format)));
    }

    @Test
    void digitsAreLabelledInTheTasksBase() {
        for (LabelledDocument document : sample("grid-cases", 5, 10_000, Map.of("task", "base9-addition"))) {
            if ("lso-base9-addition-40-41".equals(document.query())) {
                assertThat(document.digits()).isEqualTo(Map.of("units", "4+5", "tens", "4+4", "carries", "2"));
                assertThat(document.text()).isEqualTo("44+45=100");
                return;
            }
        }
        throw new AssertionError("no document for 40 + 41");
    }

    @ParameterizedTest
    @CsvSource({"linear-regression, scratchpad", "chickens-and-rabbits, compact", "modular-addition, rule-following"})
    void aFormatThatTheTaskLacksIsRefused(String task, String format) {
        assertThatThrownBy(() -> sample("grid-cases", 0, 1, Map.of("task", task, "format", format)))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("parameter format: expected direct")
                .hasMessageContaining("found \"" + format + "\"");
    }
}
