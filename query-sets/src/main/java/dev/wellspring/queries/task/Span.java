package dev.wellspring.queries.task;

import java.util.ArrayList;
import java.util.List;

/// A stretch of a query's completion that a measurement may be restricted to.
///
/// @param name what it is, such as `answer` or `line-2`
/// @param start of its first character in the completion, in UTF-16 units
/// @param end one past its last character
public record Span(String name, int start, int end) {
    /// Checks the bounds.
    public Span {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException(
                    "span " + name + ": expected 0 <= start < end, got " + start + " and " + end);
        }
    }

    /// The lines of a text, numbered from 1 as `line-1`; an empty line has a number and no span.
    public static List<Span> lines(String text) {
        List<Span> lines = new ArrayList<>();
        int number = 1;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                lines.add(new Span("line-" + number, start, end));
            }
            start = end + 1;
            number++;
        }
        return List.copyOf(lines);
    }

    /// The last place where a completion holds its answer, as `answer`, then every line that is not the answer alone.
    ///
    /// @throws IllegalArgumentException if it does not hold the answer
    public static List<Span> answerAndLines(String completion, String answer) {
        Span last = last("answer", completion, answer);
        List<Span> spans = new ArrayList<>(List.of(last));
        lines(completion).stream()
                .filter(line -> line.start != last.start || line.end != last.end)
                .forEach(spans::add);
        return List.copyOf(spans);
    }

    /// The last place where a text holds a part.
    ///
    /// @throws IllegalArgumentException if it does not
    public static Span last(String name, String text, String part) {
        int start = text.lastIndexOf(part);
        if (start < 0) {
            throw new IllegalArgumentException("span " + name + ": no \"" + part + "\" in \"" + text + "\"");
        }
        return new Span(name, start, start + part.length());
    }
}
