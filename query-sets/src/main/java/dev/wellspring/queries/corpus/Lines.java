package dev.wellspring.queries.corpus;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// The lines of a text file, plain, `.gz` or `.zst`: strict UTF-8, numbered from 1, one in memory at a time.
final class Lines implements AutoCloseable {
    /// The longest line that is read, in bytes: longer ones are a file of another kind.
    static final int MAX_LENGTH = 1 << 28;

    private static final int BUFFER = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String label;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private byte[] line = new byte[BUFFER];
    private int length;
    private long number;

    Lines(Path file, String label) {
        this.label = label;
        try {
            this.in = decompress(file, new BufferedInputStream(Files.newInputStream(file), BUFFER));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static InputStream decompress(Path file, InputStream raw) throws IOException {
        String name = Format.fileName(file).toLowerCase(Locale.ROOT);
        try {
            return name.endsWith(".gz")
                    ? new GZIPInputStream(raw, BUFFER)
                    : name.endsWith(".zst") ? new ZstdInputStream(raw) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /// Goes to the next line; false after the last. A file need not end in a line end.
    boolean next() {
        length = 0;
        boolean any = false;
        number++;
        while (position < limit || fill()) {
            any = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            append(end);
            if (end < limit) {
                position = end + 1;
                return true;
            }
            position = end;
        }
        return any;
    }

    /// True if the line holds nothing but blanks.
    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /// The line without its `\n`.
    ///
    /// @throws CorpusException if it is not UTF-8
    String text() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8();
        }
        return number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /// `file:line`.
    String origin() {
        return label + ":" + number;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(label + ": " + e.getMessage(), e);
        }
    }

    private boolean fill() {
        try {
            position = 0;
            limit = Math.max(0, in.read(buffer));
            return limit > 0;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void append(int end) {
        int count = end - position;
        if (length + count > MAX_LENGTH) {
            throw CorpusException.at(
                    origin(),
                    "a line of at most " + (MAX_LENGTH >> 20) + " MiB",
                    "a longer one",
                    "check that the file is what its name says");
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + count));
        }
        System.arraycopy(buffer, position, line, length, count);
        length += count;
    }

    /// The replacement character may stand in the file itself, or stand for bytes that are no character.
    private void requireUtf8() {
        ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
        if (StandardCharsets.UTF_8
                .newDecoder()
                .decode(bytes, CharBuffer.allocate(length), true)
                .isError()) {
            throw CorpusException.at(
                    origin(),
                    "UTF-8",
                    "the byte 0x%02x at byte %d of the line".formatted(bytes.get(bytes.position()), bytes.position()),
                    "convert the file to UTF-8");
        }
    }

    private RuntimeException failure(IOException e) {
        if (e instanceof EOFException || e instanceof ZipException || e instanceof ZstdIOException) {
            String damage = e.getMessage() == null ? "it ends within its header" : e.getMessage();
            return CorpusException.at(
                    number == 0 ? label : origin(),
                    "a whole compressed file",
                    "damage: " + damage,
                    "copy or compress it again",
                    e);
        }
        return CorpusException.unreadable(label, e);
    }
}
