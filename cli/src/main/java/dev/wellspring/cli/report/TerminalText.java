package dev.wellspring.cli.report;

import java.io.PrintStream;
import java.util.regex.Pattern;

/// Text of a corpus on a terminal: on one line, and without what would move the cursor, change colours or turn the
/// direction of what follows.
public final class TerminalText {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /// Control characters, the marks and overrides of bidirectional text, and halves of surrogate pairs.
    private static final Pattern UNSAFE =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    /// So much of a text is shown in the narrowest of places.
    private static final int LEAST = 20;

    private TerminalText() {}

    /// Each run of white space becomes a space, each character that is not to be printed a `�`.
    public static String of(String text) {
        return UNSAFE.matcher(SPACE.matcher(text).replaceAll(" ")).replaceAll("\uFFFD");
    }

    /// Prints a sentence or more, broken between words where a line is full.
    ///
    /// @param width of the terminal, in columns
    static void paragraph(PrintStream out, String text, int width) {
        var line = new StringBuilder();
        for (String word : of(text).split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                out.println(line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        out.println(line);
    }

    /// Prints a line.
    ///
    /// @param head what it begins with, as it is
    /// @param text what follows, cut to what is left of the width
    static void line(PrintStream out, String head, String text, int width) {
        out.println(head + cut(text, Math.max(LEAST, width - head.length())));
    }

    /// The same as [#of], cut to a length.
    ///
    /// @param length in UTF-16 units, the `…` of a cut text among them
    static String cut(String text, int length) {
        String safe = of(text);
        if (safe.length() <= length) {
            return safe;
        }
        int end = Math.max(0, length - 1);
        return safe.substring(0, end > 0 && Character.isHighSurrogate(safe.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
