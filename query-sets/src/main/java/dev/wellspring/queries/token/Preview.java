package dev.wellspring.queries.token;

import dev.wellspring.queries.corpus.Document;
import java.util.Arrays;

/// The first characters of a text in one line, for tables and reports.
final class Preview {
    static final int LENGTH = 120;

    private Preview() {}

    /// Of a document's part. The text of the document serves the first part; later ones, and documents of ids alone,
    /// are decoded, if there is a tokenizer.
    static String of(Document document, int part, int[] tokens, Tokenizer tokenizer) {
        Document.Prompt prompt = document.prompt();
        if (part == 1 && document.text() != null && (prompt == null || prompt.text() != null)) {
            return line(prompt == null ? document.text() : prompt.text() + document.text());
        }
        // A token spells at least one byte, a character takes at most four.
        return tokenizer.isPresent()
                ? line(tokenizer.decode(Arrays.copyOf(tokens, Math.min(tokens.length, 4 * LENGTH))))
                : "";
    }

    /// At most 120 characters, then an ellipsis; a space in place of each control character and line end.
    static String line(String text) {
        int end = text.length();
        boolean cut = text.codePointCount(0, Math.min(end, 2 * LENGTH + 1)) > LENGTH;
        if (cut) {
            end = text.offsetByCodePoints(0, LENGTH);
        }
        String line = text.substring(0, end).replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", " ");
        return cut ? line + "…" : line;
    }
}
