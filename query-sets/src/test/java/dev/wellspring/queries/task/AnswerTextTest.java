package dev.wellspring.queries.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The answer is 21.|21",
                "7 - 4 = 3, and 3 * 7 = 21|21",
                "the slope is -43|-43",
                "the slope is \u221243|-43",
                "7-4|4",
                "(19 - 62)-1|1",
                "x = 1,234|1234",
                "x = 70.0|70",
                "x = 2.50|2.5",
                "the slope is 3/4|3/4",
                "68 / 4|17",
                "-43/1|-43",
                "-0|0",
                "5 / 0|5/0",
            })
    void lastNumberIsReadInOneSpelling(String text, String number) {
        assertThat(AnswerText.lastNumber(text)).hasValue(number);
    }

    @Test
    void aTextWithoutDigitsHasNoNumber() {
        assertThat(AnswerText.lastNumber("twenty-one")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It is Brussels.|Brussels|true",
                "it is BRUSSELS|Brussels|true",
                "Jaroslav Hasek wrote it|Jaroslav Ha\u0161ek|true",
                "It is Port   Vila|Port Vila|true",
                "Its symbol is Fe|Fe|true",
                "the cafe|Fe|false",
                "fe fi fo fum|Fe|false",
                "born in 18091|1809|false",
                "the Brusselsers|Brussels|false",
            })
    void mentionsAreWholeWords(String text, String answer, boolean mentioned) {
        assertThat(AnswerText.mentions(text, answer)).isEqualTo(mentioned);
    }
}
