package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade.Verdict;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReversalTest {
    @Test
    void aListIsReversedLetterByLetter() {
        var reversal = new Reversal("qwe", AnswerFormat.SCRATCHPAD);
        assertThat(reversal.prompt()).isEqualTo("reverse(q,w,e)=");
        assertThat(reversal.completion()).isEqualTo("q,w,e|\nq,w|e\nq|e,w\n|e,w,q\ne,w,q");
        assertThat(new Reversal("qwe", AnswerFormat.DIRECT).completion()).isEqualTo("e,w,q");
        assertThat(new Reversal("q", AnswerFormat.SCRATCHPAD).completion()).isEqualTo("q|\n|q\nq");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e,w,q|RIGHT",
                "The reverse is e, w, q.|RIGHT",
                "e,w,q as a list|RIGHT",
                "q,w,e|WRONG",
                "e,w|WRONG",
                "e,w,q,e|WRONG",
                "q|WRONG",
                "nothing|UNREADABLE"
            })
    void theLastListOfLettersCounts(String answer, Verdict verdict) {
        GeneratedQuery query =
                new Reversal("qwe", AnswerFormat.DIRECT).query("x", "x").build();
        assertThat(Reversal.grade(query, answer).verdict()).isEqualTo(verdict);
    }

    @Test
    void listsHaveEveryLengthAndTheShortestAreAllThere() {
        List<GeneratedQuery> queries = made();
        for (GeneratedQuery query : queries) {
            int length = (query.prompt().length() - "reverse()=".length() + 1) / 2;
            assertThat(query.coordinates()).isEqualTo(Map.of("length", length));
            assertThat(query.splitRole()).isEqualTo(length <= 5 ? "train" : "test");
        }
        assertThat(queries.stream().filter(query -> query.id().startsWith("reversal-ladder-01-")))
                .hasSize(26);
        assertThat(queries.stream().filter(query -> query.id().startsWith("reversal-ladder-15-")))
                .hasSize(100);
    }

    @Test
    void otherTextsAndFormatsAreRefused() {
        assertThatThrownBy(() -> new Reversal("q w", AnswerFormat.DIRECT)).hasMessageContaining("\"q w\"");
        assertThatThrownBy(() -> new Reversal("qw", AnswerFormat.COMPACT)).hasMessageContaining("COMPACT");
    }

    private static List<GeneratedQuery> made() {
        var family = new LengthLadder(LadderTask.REVERSAL);
        return family.generate(11, family.describe().parameters(Map.of())).toList();
    }

    private abstract static class ReversalContract extends QueryFamilyContract {
        private final AnswerFormat format;

        ReversalContract(AnswerFormat format) {
            this.format = format;
        }

        @Override
        protected QueryFamily family() {
            return new LengthLadder(LadderTask.REVERSAL);
        }

        @Override
        protected Map<String, String> parameters() {
            return Map.of("format", format.text());
        }

        /// One letter more, and the last letter changed.
        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            String answer = query.answers().getFirst();
            String changed = answer.substring(0, answer.length() - 1) + (answer.endsWith("a") ? "b" : "a");
            return List.of(answer + ",a", changed, query.completion() + "\n" + answer + ",a");
        }
    }

    @Nested
    class DirectTest extends ReversalContract {
        DirectTest() {
            super(AnswerFormat.DIRECT);
        }
    }

    @Nested
    class ScratchpadTest extends ReversalContract {
        ScratchpadTest() {
            super(AnswerFormat.SCRATCHPAD);
        }
    }
}
