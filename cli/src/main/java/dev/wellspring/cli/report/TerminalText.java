package dev.wellspring.cli.report;

import java.util.regex.Pattern;

/// Text of a corpus on a terminal: on one line, and without what would move the cursor, change colours or turn the
/// direction of what follows.
public final class TerminalText {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /// Control characters, the marks and overrides of bidirectional text, and halves of surrogate pairs.
    private static final Pattern UNSAFE =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    private TerminalText() {}

    /// Each run of white space becomes a space, each character that is not to be printed a `�`.
    public static String of(String text) {
        return UNSAFE.matcher(SPACE.matcher(text).replaceAll(" ")).replaceAll("\uFFFD");
    }

    /// The same, cut to a length.
    ///
    /// @param length in UTF-16 units, the `…` of a cut text among them
    static String cut(String text, int length) {
        String safe = of(text);
        return safe.length() <= length ? safe : safe.substring(0, Math.max(0, length - 1)) + "…";
    }
}
