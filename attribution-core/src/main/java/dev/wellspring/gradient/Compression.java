package dev.wellspring.gradient;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the gradient of a module is made smaller before it is stored. [#toString] gives the text that [#parse] reads.
public sealed interface Compression {
    /// Everything: exact scores, for models that are small enough.
    record Full() implements Compression {
        @Override
        public String toString() {
            return "full";
        }
    }

    /// The leading eigenvectors of A and S, as many as give at most so many numbers.
    record Truncation(int values) implements Compression {
        @Override
        public String toString() {
            return "truncate:" + values;
        }
    }

    /// A random projection on both sides, to at most so many numbers.
    record Projection(int values) implements Compression {
        @Override
        public String toString() {
            return "project:" + values;
        }
    }

    /// The leading eigenvectors of A and S, as many as would give at most so many numbers, and of that matrix its best
    /// approximation of some rank.
    record Factors(int values, int rank) implements Compression {
        @Override
        public String toString() {
            return "factor:" + values + ":" + rank;
        }
    }

    /// What [#parse] reads, for people.
    String WORDS = "full, truncate:VALUES, project:VALUES or factor:VALUES:RANK";

    /// Reads `full`, `truncate:256`, `project:256` or `factor:4096:4`; the numbers are for each document and module.
    ///
    /// @throws IllegalArgumentException when the text is none of them
    static Compression parse(String text) {
        Matcher matcher = Pattern.compile("(full)|(truncate|project):(\\d{1,9})|factor:(\\d{1,9}):(\\d{1,4})")
                .matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("compression: expected " + WORDS + ", got \"" + text + "\"");
        }
        if (matcher.group(1) != null) {
            return new Full();
        }
        if (matcher.group(2) == null) {
            return new Factors(positive(matcher.group(4), text), positive(matcher.group(5), text));
        }
        int values = positive(matcher.group(3), text);
        return matcher.group(2).equals("truncate") ? new Truncation(values) : new Projection(values);
    }

    private static int positive(String number, String text) {
        int value = Integer.parseInt(number);
        if (value < 1) {
            throw new IllegalArgumentException("compression: expected numbers of at least 1, got \"" + text + "\"");
        }
        return value;
    }
}
