package dev.wellspring.queries.task;

/// A stretch of a query's completion that a measurement may be restricted to.
///
/// @param name what it is, such as `answer` or `line 2`
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
