package dev.wellspring.queries.task.language;

import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.Grade;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads which of the options an answer chooses.
final class OptionGrader {
    private static final Pattern LETTER = Pattern.compile("^\\(?([a-z])\\)?(?![\\p{L}\\p{N}'])");

    private OptionGrader() {}

    /// Grades by the option that the answer begins with.
    static Grade option(String right, List<String> options, String answer) {
        String text = bare(answer);
        Optional<String> found =
                options.stream().filter(option -> begins(text, option)).max(Comparator.comparingInt(String::length));
        if (found.isEmpty()) {
            return Grade.unreadable("expected " + right + " at the beginning, found none of the options there");
        }
        String rest = text.substring(found.get().length());
        Optional<String> second = options.stream()
                .filter(option -> !option.equals(found.get()) && AnswerText.mentions(rest, option))
                .findFirst();
        return second.map(other -> Grade.wrong("expected " + right + ", found " + found.get() + " and " + other))
                .orElseGet(() -> AnswerText.graded(right, found.get()));
    }

    /// Grades by the letter that the answer begins with.
    static Grade letter(String right, List<String> options, String answer) {
        Matcher letter = LETTER.matcher(bare(answer));
        int index = letter.find() ? letter.group(1).charAt(0) - 'a' : -1;
        return index < 0 || index >= options.size()
                ? Grade.unreadable("expected the letter of " + right + ", found none")
                : AnswerText.graded(right, options.get(index));
    }

    private static boolean begins(String text, String option) {
        String start = option.toLowerCase(Locale.ROOT);
        return text.startsWith(start)
                && (text.length() == start.length() || !Character.isLetterOrDigit(text.charAt(start.length())));
    }

    private static String bare(String answer) {
        String text = answer.strip().toLowerCase(Locale.ROOT);
        return text.startsWith("\"") ? text.substring(1) : text;
    }
}
