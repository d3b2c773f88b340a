package dev.wellspring.queries.corpus;

import java.io.Reader;

/// The characters of [Lines], for a library that asks for a [Reader]: one line per call at most, so that it is the
/// line at hand which an error names. The last line ends in `\n` as well.
final class LineReader extends Reader {
    private final Lines lines;
    private String line = "";
    private int position;

    /// Takes the lines over: closing the reader closes them.
    LineReader(Lines lines) {
        this.lines = lines;
    }

    /// @throws CorpusException if the line is not UTF-8, too long, or the compressed file damaged
    @Override
    public int read(char[] buffer, int offset, int length) {
        if (position == line.length()) {
            if (!lines.next()) {
                return -1;
            }
            line = lines.text() + "\n";
            position = 0;
        }
        int count = Math.min(length, line.length() - position);
        line.getChars(position, position + count, buffer, offset);
        position += count;
        return count;
    }

    @Override
    public void close() {
        lines.close();
    }
}
