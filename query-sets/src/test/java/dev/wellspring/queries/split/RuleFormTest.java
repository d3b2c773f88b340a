package dev.wellspring.queries.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.split.SplitRule.Squares;
import dev.wellspring.queries.synthesis.Digits;
import dev.wellspring.queries.task.grid.Square;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFormTest {
    @ParameterizedTest
    @EnumSource
    void everyExampleIsPrintedAsItIsWritten(RuleForm form) {
        SplitRule rule = RuleForm.parse(form.example());
        assertThat(rule.text()).isEqualTo(form.example());
        assertThat(RuleForm.parse(rule.text())).isEqualTo(rule);
    }

    @Test
    void rulesAreWhatTheyAreWrittenAs() {
        assertThat(RuleForm.parse("random:0.7")).isEqualTo(new SplitRule.Random(0.7));
        assertThat(RuleForm.parse("square:50,50,10")).isEqualTo(Squares.of(50, 50, 10));
        assertThat(RuleForm.parse("squares:53,33,10;73,78,10"))
                .isEqualTo(new Squares(List.of(new Square(53, 33, 10), new Square(73, 78, 10))));
        assertThat(RuleForm.parse("squares:3")).isEqualTo(new DrawnSquares(3, null));
        assertThat(RuleForm.parse("squares:3,5-14")).isEqualTo(new DrawnSquares(3, new DrawnSquares.Bounds(5, 14)));
        assertThat(RuleForm.parse("stripe:40-60,21")).isEqualTo(new SplitRule.Stripe(40, 60, 21));
        assertThat(RuleForm.parse("band:95-105")).isEqualTo(new SplitRule.Band(95, 105));
        assertThat(RuleForm.parse("digit-step:tens,4,4,1"))
                .isEqualTo(new SplitRule.DigitStep(new Digits.Step(1, 4, 4, 1)));
        assertThat(RuleForm.parse("length:5")).isEqualTo(new SplitRule.Length(5));
        assertThat(RuleForm.parse("region:0.33")).isEqualTo(new Regions(0.33));
        assertThat(RuleForm.parse("skin:mystery")).isEqualTo(new SplitRule.Skin("mystery"));
        assertThat(RuleForm.parse("template:a, b: c")).isEqualTo(new SplitRule.Template("a, b: c"));
        assertThat(RuleForm.parse("fact:0.2")).isEqualTo(new SplitRule.Facts(0.2));
    }

    /// Other ways to write the same.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "random:0.70 | random:0.7",
                "random:1e-4 | random:1.0E-4",
                "squares:1,2,3 | square:1,2,3",
                "squares:2,3-3 | squares:2,3-3",
                "digit-step:2,4,4,0 | digit-step:hundreds,4,4,0",
                "digit-step:11,9,9,1 | digit-step:11,9,9,1"
            })
    void aRuleIsPrintedInOneWay(String written, String printed) {
        assertThat(RuleForm.parse(written).text()).isEqualTo(printed);
        assertThat(RuleForm.parse(printed)).isEqualTo(RuleForm.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "squre:50,50,10", "square", "random 0.7", ":0.7", "Random:0.7", "rand:0.7"})
    void whatIsNoRuleIsToldWhichThereAre(String text) {
        String found = text.equals("square") ? "square:A,B,R, found \"\"" : "one of random:SHARE, square:A,B,R, ";
        assertThatThrownBy(() -> RuleForm.parse(text))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("rule " + text + ": expected " + found);
    }

    @Test
    void theListOfRulesNamesEachOfThem() {
        for (RuleForm form : RuleForm.values()) {
            assertThatThrownBy(() -> RuleForm.parse("nothing")).hasMessageContaining(form.form());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "random:1.5 | expected random:SHARE, a share between 0 and 1, found \"1.5\"; write it like random:0.7",
                "random:0 | a share between 0 and 1",
                "random:NaN | a share between 0 and 1",
                "random:most | expected random:SHARE, found \"most\"",
                "square:50,50 | expected square:A,B,R, found \"50,50\"; write it like square:50,50,10",
                "square:50,50,10;1,1,1 | square:50,50,10;1,1,1",
                "squares:0 | at least one square",
                "squares:1,2 | expected squares:A,B,R;A,B,R, squares:N[,MIN-MAX], found \"1,2\"",
                "squares:3,14-5 | the smaller half-side first",
                "stripe:60-40,21 | the lower row first",
                "stripe:40-60,0 | at least one column",
                "band:105-95 | the smaller sum first",
                "band:99999999999-1 | band:FIRST-LAST",
                "digit-step:tens,4,4 | write it like digit-step:tens,4,4,0",
                "digit-step:tens,4,4,2 | digit-step:PLACE,A,B,CARRY",
                "length:0 | at least one digit",
                "length:five | expected length:N",
                "region:1 | a share between 0 and 1",
                "skin: | expected skin:NAME",
                "fact:-0.1 | a share between 0 and 1"
            })
    void whatARuleTakesIsTold(String text, String told) {
        assertThatThrownBy(() -> RuleForm.parse(text))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(told)
                .message()
                .hasLineCount(1);
    }
}
