package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.split.SplitRule.Squares;
import dev.wellspring.queries.synthesis.Digits;
import dev.wellspring.queries.task.grid.Square;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How rules are written: a name, a colon, and what it takes.
public enum RuleForm {
    /// See [SplitRule.Random].
    RANDOM("random:SHARE", "random:0.7", "a drawn share of the items stays in training", "(\\S+)"),
    /// See [Squares].
    SQUARE(
            "square:A,B,R",
            "square:50,50,10",
            "cells at most R from (A, B) along both axes: (2R + 1)² of them",
            "(\\d{1,6},\\d{1,6},\\d{1,6})"),
    /// See [Squares].
    SQUARES(
            "squares:A,B,R;A,B,R",
            "squares:53,33,10;73,78,10",
            "several squares",
            "(\\d{1,6},\\d{1,6},\\d{1,6}(?:;\\d{1,6},\\d{1,6},\\d{1,6})*)"),
    /// See [DrawnSquares].
    DRAWN_SQUARES(
            "squares:N[,MIN-MAX]",
            "squares:3",
            "N disjoint squares drawn inside the grid, R from MIN to MAX; as published, 10 to 19, or 5 to 14 for"
                    + " chickens-and-rabbits",
            "(\\d{1,6})(?:,(\\d{1,6})-(\\d{1,6}))?"),
    /// See [SplitRule.Stripe].
    STRIPE(
            "stripe:FIRST-LAST,N",
            "stripe:40-60,21",
            "rows FIRST to LAST of a, crossed with N drawn columns of b",
            "(\\d{1,6})-(\\d{1,6}),(\\d{1,6})"),
    /// See [SplitRule.Band].
    BAND("band:FIRST-LAST", "band:95-105", "cells whose a + b is FIRST to LAST", "(\\d{1,9})-(\\d{1,9})"),
    /// See [SplitRule.DigitStep].
    DIGIT_STEP(
            "digit-step:PLACE,A,B,CARRY",
            "digit-step:tens,4,4,0",
            "sums that add the digits A and B and the CARRY brought in at this PLACE: units, tens, hundreds,"
                    + " thousands, or its number from 0",
            "(units|tens|hundreds|thousands|\\d{1,2}),(\\d),(\\d),([01])"),
    /// See [SplitRule.Length].
    LENGTH("length:N", "length:5", "problems whose longer operand has more than N digits", "(\\d{1,6})"),
    /// See [Regions].
    REGION("region:SHARE", "region:0.33", "problems that start and end in a drawn share of the states", "(\\S+)"),
    /// See [SplitRule.Skin].
    SKIN("skin:NAME", "skin:mystery", "items told in one skin", "(.+)"),
    /// See [SplitRule.Template].
    TEMPLATE("template:NAME", "template:capital-2", "items of one wording", "(.+)"),
    /// See [SplitRule.Facts].
    FACT("fact:SHARE", "fact:0.2", "a drawn share of the facts, with every item about each", "(\\S+)");

    private final String form;
    private final String example;
    private final String meaning;
    private final Pattern pattern;

    RuleForm(String form, String example, String meaning, String pattern) {
        this.form = form;
        this.example = example;
        this.meaning = meaning;
        this.pattern = Pattern.compile(pattern);
    }

    /// How it is written, with capitals for what one chooses: `square:A,B,R`.
    public String form() {
        return form;
    }

    /// A rule of this form.
    public String example() {
        return example;
    }

    /// What it holds out, in a few words.
    public String meaning() {
        return meaning;
    }

    /// The rule that a text is.
    ///
    /// @throws CorpusException if it is none
    public static SplitRule parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        List<RuleForm> named = Arrays.stream(values())
                .filter(form -> form.form.startsWith(name + ":"))
                .toList();
        if (named.isEmpty()) {
            throw CorpusException.at(
                    "rule " + text, "one of " + forms(Arrays.asList(values())), "\"" + name + "\"", "choose one");
        }
        String arguments = colon < 0 ? "" : text.substring(colon + 1);
        for (RuleForm form : named) {
            Matcher matcher = form.pattern.matcher(arguments);
            if (matcher.matches()) {
                return form.read(text, matcher);
            }
        }
        throw wrong(text, forms(named), arguments, named.getFirst());
    }

    private SplitRule read(String text, Matcher arguments) {
        try {
            return rule(arguments);
        } catch (IllegalArgumentException e) {
            String expected = e instanceof NumberFormatException ? form : form + ", " + e.getMessage();
            throw wrong(text, expected.replace(", expected ", ", "), arguments.group(), this);
        }
    }

    private SplitRule rule(Matcher found) {
        return switch (this) {
            case RANDOM -> new SplitRule.Random(share(found));
            case SQUARE, SQUARES -> new Squares(squares(found.group(1)));
            case DRAWN_SQUARES ->
                new DrawnSquares(
                        number(found, 1),
                        found.group(2) == null ? null : new DrawnSquares.Bounds(number(found, 2), number(found, 3)));
            case STRIPE -> new SplitRule.Stripe(number(found, 1), number(found, 2), number(found, 3));
            case BAND -> new SplitRule.Band(number(found, 1), number(found, 2));
            case DIGIT_STEP ->
                new SplitRule.DigitStep(
                        new Digits.Step(place(found.group(1)), number(found, 2), number(found, 3), number(found, 4)));
            case LENGTH -> new SplitRule.Length(number(found, 1));
            case REGION -> new Regions(share(found));
            case SKIN -> new SplitRule.Skin(found.group(1));
            case TEMPLATE -> new SplitRule.Template(found.group(1));
            case FACT -> new SplitRule.Facts(share(found));
        };
    }

    private static double share(Matcher found) {
        return Double.parseDouble(found.group(1));
    }

    private static int number(Matcher found, int group) {
        return Integer.parseInt(found.group(group));
    }

    private static int place(String text) {
        int place = SplitRule.DigitStep.PLACES.indexOf(text);
        return place < 0 ? Integer.parseInt(text) : place;
    }

    private static List<Square> squares(String text) {
        return Arrays.stream(text.split(";", -1))
                .map(square -> Arrays.stream(square.split(",", -1))
                        .map(Integer::valueOf)
                        .toList())
                .map(numbers -> new Square(numbers.get(0), numbers.get(1), numbers.get(2)))
                .toList();
    }

    private static String forms(List<RuleForm> forms) {
        return forms.stream().map(RuleForm::form).collect(Collectors.joining(", "));
    }

    private static CorpusException wrong(String text, String expected, String found, RuleForm like) {
        return CorpusException.at("rule " + text, expected, "\"" + found + "\"", "write it like " + like.example);
    }

    /// Throws what [#parse] puts into words.
    static void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected);
        }
    }

    static void requireShare(double share) {
        require(share > 0 && share < 1, "a share between 0 and 1");
    }
}
