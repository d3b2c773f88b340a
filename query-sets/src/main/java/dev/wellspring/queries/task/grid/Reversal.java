package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A list of letters to be reversed, outright or letter by letter. Each line of the scratchpad holds what is left of
/// the list and the answer so far:
///
/// ```
/// q,w,e|
/// q,w|e
/// q|e,w
/// |e,w,q
/// e,w,q
/// ```
///
/// @param letters the list as a text, `a` to `z`
public record Reversal(String letters, AnswerFormat format) implements WorkedProblem {
    /// How many letters there are.
    static final int ALPHABET = 26;

    private static final Pattern LIST =
            Pattern.compile("(?<![\\p{L}\\p{N}])[a-z](?:\\s*,\\s*[a-z](?![\\p{L}\\p{N}]))*(?![\\p{L}\\p{N}])");

    /// Checks letters and format.
    public Reversal {
        if (!letters.matches("[a-z]+") || !LadderTask.REVERSAL.formats().contains(format)) {
            throw new IllegalArgumentException(
                    "reversal: expected letters a to z, direct or scratchpad, got \"" + letters + "\" and " + format);
        }
    }

    /// Any letters, each as likely as any other.
    public static Reversal drawn(int length, AnswerFormat format, RandomGenerator random) {
        var letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append((char) ('a' + random.nextInt(ALPHABET)));
        }
        return new Reversal(letters.toString(), format);
    }

    @Override
    public String prompt() {
        return "reverse(" + list(letters) + ")=";
    }

    @Override
    public String completion() {
        return format == AnswerFormat.SCRATCHPAD ? scratchpad() : answer();
    }

    @Override
    public String answer() {
        return list(reversed());
    }

    @Override
    public Map<String, Integer> coordinates() {
        return Map.of("length", letters.length());
    }

    /// Grades by the last list of single letters, or by the last single letter where there is no list.
    static Grade grade(GeneratedQuery query, String text) {
        String expected = query.answers().getFirst();
        List<String> found =
                LIST.matcher(text).results().map(MatchResult::group).toList().reversed();
        return found.stream()
                .filter(list -> list.length() > 1)
                .findFirst()
                .or(() -> found.stream().findFirst())
                .map(list -> AnswerText.graded(expected, list.replaceAll("\\s", "")))
                .orElseGet(() -> Grade.unreadable("expected " + expected + ", found no list of letters"));
    }

    private String scratchpad() {
        String reversed = reversed();
        var lines = new StringBuilder();
        for (int done = 0; done <= letters.length(); done++) {
            lines.append(list(letters.substring(0, letters.length() - done))).append('|');
            lines.append(list(reversed.substring(0, done))).append('\n');
        }
        return lines.append(list(reversed)).toString();
    }

    private String reversed() {
        return new StringBuilder(letters).reverse().toString();
    }

    private static String list(String letters) {
        return String.join(",", letters.split(""));
    }
}
