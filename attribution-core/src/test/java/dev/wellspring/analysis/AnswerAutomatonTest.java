package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerAutomatonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "5  | the answer is 5.            | true",
                "5  | the answer is 15            | false",
                "5  | 51                          | false",
                "5  | 5.2                         | false",
                "5  | 2.5                         | false",
                "5  | about .5 of it              | false",
                "5  | one, 5, and six             | true",
                "5  | 1,500 and 5,000             | false",
                "5  | 1, 5                        | true",
                "5  | x5                          | false",
                "5  | 5x                          | false",
                "5  | $5                          | true",
                "5  | 5%                          | true",
                "5  | = -5                        | false",
                "5  | -5                          | false",
                "5  | \u22125                     | false",
                "5  | 10-5                        | true",
                "5  | 10 - 5                      | true",
                "5  | (2)-5                       | true",
                "5  | covid-5                     | true",
                "-5 | = -5.                       | true",
                "-5 | = \u22125                   | true",
                "-5 | 10-5                        | false",
                "-5 | -5.2                        | false",
                "-5 | (-5)                        | true",
                "5.2| 5.2.                        | true",
                "5.2| 15.2                        | false",
                "5.2| 5.21                        | false",
                "Oslo | capital: OSLO             | true",
                "Oslo | Oslos                     | false",
                "Oslo | (oslo)                    | true",
                "Oslo | Oslo\u0301                | false",
                "New York | New \t  york is       | true",
                "Stra\u00dfe | STRASSE            | true",
                "caf\u00e9 | the cafe\u0301 there | true",
                "fi | \ufb01                      | true",
                "C++ | in C++, as                 | true",
                "C++ | C+++                       | true",
            })
    void aTextHoldsAnAnswerThatStandsInItWhole(String answer, String text, boolean holds) {
        assertThat(new AnswerAutomaton(List.of(answer)).find(text).get(0))
                .as(text)
                .isEqualTo(holds);
    }

    @Test
    void answersInsideOthersAreFoundToo() {
        var automaton = new AnswerAutomaton(List.of("York", "New York", "York City", "", "new york"));
        assertThat(automaton.find("in New York City").stream()).containsExactly(0, 1, 2, 4);
        assertThat(automaton.find("").stream()).isEmpty();
        assertThat(automaton.find("Yorkshire, and new York").stream()).containsExactly(0, 1, 4);
    }
}
