package dev.wellspring.cli.report;

import java.io.IOException;
import java.io.Writer;

/// Lets JSON stand inside a script element of a page, whatever its texts hold: `<`, `>`, `&` and the line separators
/// that older scripts take for line ends are written as JSON's escapes by number, so that no text can end the element
/// or begin
/// another. Halves of surrogate pairs, which UTF-8 has no bytes for, are kept the same way.
///
/// In JSON these characters stand in strings only, so the escapes are always right. Closing it closes nothing.
final class ScriptSafeWriter extends Writer {
    private final Writer out;
    /// The first half of a pair at the end of what was written so far, or 0.
    private char pending;

    ScriptSafeWriter(Writer out) {
        this.out = out;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            char c = text[i];
            if (isPlain(c) && pending == 0) {
                continue;
            }
            out.write(text, from, i - from);
            from = i + 1;
            write(c);
        }
        out.write(text, from, offset + length - from);
    }

    private static boolean isPlain(char c) {
        return c != '<' && c != '>' && c != '&' && c != '\u2028' && c != '\u2029' && !Character.isSurrogate(c);
    }

    private void write(char c) throws IOException {
        if (pending != 0 && Character.isLowSurrogate(c)) {
            out.write(pending);
            out.write(c);
            pending = 0;
            return;
        }
        writePending();
        if (Character.isHighSurrogate(c)) {
            pending = c;
        } else if (isPlain(c)) {
            out.write(c);
        } else {
            escape(c);
        }
    }

    private void writePending() throws IOException {
        if (pending != 0) {
            escape(pending);
            pending = 0;
        }
    }

    private void escape(char c) throws IOException {
        out.write(String.format("\\u%04x", (int) c));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        writePending();
        out.flush();
    }
}
