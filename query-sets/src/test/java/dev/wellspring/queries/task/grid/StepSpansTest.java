package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import dev.wellspring.queries.task.language.InContextAddition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Attribution can be asked for the answer and for each step line.
class StepSpansTest {
    @ParameterizedTest
    @MethodSource("families")
    void spansCutOutTheAnswerAndEveryOtherLine(QueryFamily family, String format) {
        family.generate(3, family.describe().parameters(Map.of("format", format)))
                .limit(700)
                .forEach(query -> {
                    String answer = cut(query, query.targetSpans().getFirst());
                    assertThat(answer.replace(", ", "").replaceAll("[\\[\\]]", ""))
                            .isEqualTo(query.answers().getFirst());
                    List<String> expected = new ArrayList<>(List.of("answer"));
                    List<String> lines = List.of(query.completion().split("\n", -1));
                    for (int i = 0; i < lines.size(); i++) {
                        boolean alone = i == lines.size() - 1 && lines.get(i).equals(answer);
                        if (!lines.get(i).isEmpty() && !alone) {
                            expected.add("line-" + (i + 1));
                        }
                    }
                    assertThat(query.targetSpans()).extracting(Span::name).containsExactlyElementsOf(expected);
                    query.targetSpans()
                            .subList(1, expected.size())
                            .forEach(span -> assertThat(cut(query, span))
                                    .isEqualTo(lines.get(
                                            Integer.parseInt(span.name().substring("line-".length())) - 1)));
                });
    }

    @Test
    void aDirectAnswerHasNoStepLines() {
        assertThat(new Sum(59, 13, 10, AnswerFormat.DIRECT)
                        .query("x", "x")
                        .build()
                        .targetSpans())
                .containsExactly(new Span("answer", 0, 2));
    }

    @Test
    void aScratchpadHasAStepLinePerDigitAndOneMore() {
        assertThat(new Sum(59, 13, 10, AnswerFormat.SCRATCHPAD)
                        .query("x", "x")
                        .build()
                        .targetSpans())
                .containsExactly(
                        new Span("answer", 30, 32),
                        new Span("line-1", 0, 10),
                        new Span("line-2", 11, 20),
                        new Span("line-3", 21, 29));
    }

    private static String cut(GeneratedQuery query, Span span) {
        return query.completion().substring(span.start(), span.end());
    }

    private static Stream<Arguments> families() {
        Stream<Arguments> grids = Stream.of(GridTask.values())
                .flatMap(task ->
                        task.formats().stream().map(format -> Arguments.of(new LeaveSquareOut(task), format.text())));
        Stream<Arguments> ladders = Stream.of(LadderTask.values())
                .flatMap(task ->
                        task.formats().stream().map(format -> Arguments.of(new LengthLadder(task), format.text())));
        Stream<Arguments> prompts =
                Stream.of(AnswerFormat.values()).map(format -> Arguments.of(new InContextAddition(), format.text()));
        return Stream.of(grids, ladders, prompts).flatMap(all -> all);
    }
}
