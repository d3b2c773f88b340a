package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.Parameters;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many of something a problem has: a number, or one drawn from a range.
///
/// @param min the fewest
/// @param max the most
public record Range(int min, int max) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,3})(?:-(\\d{1,3}))?");

    /// Checks the order.
    public Range {
        if (min > max) {
            throw new IllegalArgumentException("range: expected min <= max, got " + min + " and " + max);
        }
    }

    /// Always the same.
    public static Range of(int number) {
        return new Range(number, number);
    }

    /// A parameter's value, written `2` or `1-3`.
    ///
    /// @throws CorpusException if it is neither, or outside the bounds
    static Range of(Parameters parameters, String name, int min, int max) {
        Matcher text = TEXT.matcher(parameters.text(name));
        if (text.matches()) {
            int from = Integer.parseInt(text.group(1));
            int to = text.group(2) == null ? from : Integer.parseInt(text.group(2));
            if (min <= from && from <= to && to <= max) {
                return new Range(from, to);
            }
        }
        throw CorpusException.at(
                "parameter " + name,
                "a number or a range within " + min + "-" + max,
                "\"" + parameters.text(name) + "\"",
                "write it like " + max + " or " + min + "-" + max);
    }

    /// One of the numbers, each as likely as any other.
    int draw(SplittableRandom random) {
        return random.nextInt(min, max + 1);
    }

    @Override
    public String toString() {
        return min == max ? String.valueOf(min) : min + "-" + max;
    }
}
