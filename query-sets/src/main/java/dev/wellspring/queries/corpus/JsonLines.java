package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One JSON object per line, plain, `.gz` or `.zst`. Blank lines are passed over, and still numbered.
public final class JsonLines implements Rows {
    private final Lines lines;

    /// @param file the file
    /// @param label what errors and origins call it
    public JsonLines(Path file, String label) {
        lines = new Lines(file, label);
    }

    /// The next object, or null after the last.
    ///
    /// @throws CorpusException if the line is not UTF-8, not JSON, or not an object
    @Override
    public @Nullable Fields read() {
        while (lines.next()) {
            if (!lines.isBlank()) {
                String line = lines.text();
                return new Fields(lines.origin(), parse(line), line);
            }
        }
        return null;
    }

    @Override
    public long skip(long count) {
        long skipped = 0;
        while (skipped < count && lines.next()) {
            skipped += lines.isBlank() ? 0 : 1;
        }
        return skipped;
    }

    @Override
    public void close() {
        lines.close();
    }

    private ObjectNode parse(String line) {
        try {
            JsonNode value = Json.parse(line);
            if (value instanceof ObjectNode object) {
                return object;
            }
            throw CorpusException.at(
                    lines.origin(), "one JSON object per line", Json.describe(value), "write the file as JSON Lines");
        } catch (JsonProcessingException e) {
            String column = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            throw CorpusException.at(
                    lines.origin(),
                    "one JSON object per line",
                    "broken JSON" + column + " (" + e.getOriginalMessage() + ")",
                    "correct the line",
                    e);
        }
    }
}
