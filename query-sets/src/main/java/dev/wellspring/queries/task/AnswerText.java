package dev.wellspring.queries.task;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// How graders read an answer out of free text.
public final class AnswerText {
    private static final Pattern NUMBER = Pattern.compile("(?<sign>(?<![\\w)\\]])[-\u2212])?"
            + "(?<whole>\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?<decimals>\\.\\d+)?"
            + "(?:\\s*/\\s*(?<divisor>[-\u2212]?\\d+(?!\\d*\\.\\d)))?");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    /// Answers up to this length, such as `He`, count only in their own case.
    private static final int SHORT = 3;

    private AnswerText() {}

    /// All numbers in order, each in one spelling: `-43`, `2.5`, `3/4`. A sign counts unless something stands right
    /// before it that it would be subtracted from.
    public static List<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(AnswerText::canonical).toList();
    }

    /// The last number, which is where an answer stands that is worked out before it is said.
    public static Optional<String> lastNumber(String text) {
        return Optional.ofNullable(numbers(text).reversed().stream().findFirst().orElse(null));
    }

    /// Grades by the last number: right if it is the answer.
    public static Grade gradeLastNumber(String expected, String text) {
        return lastNumber(text)
                .map(found -> graded(expected, found))
                .orElseGet(() -> Grade.unreadable("expected " + expected + ", found no number"));
    }

    /// Grades one reading of an answer against the expected one.
    public static Grade graded(String expected, String found) {
        String reason = "expected " + expected + ", found " + found;
        return found.equals(expected) ? Grade.right(reason) : Grade.wrong(reason);
    }

    /// Grades by mention: right if any of the answers stands in the text as whole words, whatever its accents, spaces
    /// and (unless it is short) case.
    public static Grade gradeMention(List<String> answers, String text) {
        if (text.isBlank()) {
            return Grade.unreadable("expected " + String.join(" or ", answers) + ", found an empty text");
        }
        return answers.stream()
                .filter(answer -> mentions(text, answer))
                .findFirst()
                .map(answer -> Grade.right("found " + answer))
                .orElseGet(() -> Grade.wrong("expected " + String.join(" or ", answers) + ", found none of them"));
    }

    /// Whether an answer stands in a text as whole words.
    public static boolean mentions(String text, String answer) {
        int flags = answer.length() <= SHORT ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(plain(answer)) + "(?![\\p{L}\\p{N}])", flags)
                .matcher(plain(text))
                .find();
    }

    private static String plain(String text) {
        String bare =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        return SPACE.matcher(bare).replaceAll(" ").strip();
    }

    private static String canonical(MatchResult found) {
        String sign = found.group("sign") == null ? "" : "-";
        String decimals = found.group("decimals") == null ? "" : found.group("decimals");
        BigDecimal number = new BigDecimal(sign + found.group("whole").replace(",", "") + decimals);
        String divisor = found.group("divisor");
        if (divisor == null) {
            return spelled(number);
        }
        BigDecimal by = new BigDecimal(divisor.replace('\u2212', '-'));
        if (by.signum() == 0 || number.remainder(by).signum() != 0) {
            return String.format(Locale.ROOT, "%s/%s", spelled(number), spelled(by));
        }
        return spelled(number.divideToIntegralValue(by));
    }

    private static String spelled(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
