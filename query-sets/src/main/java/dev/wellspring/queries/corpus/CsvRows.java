package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Comma-separated values after RFC 4180 with a header: quoted cells may hold commas, doubled quotes and line ends.
///
/// Every cell is text, as nothing in the file says otherwise; an id `007` stays `007`. A cell of the column `tokens`
/// holds a JSON list. Blank lines between records are passed over. A record is named after its first line.
final class CsvRows implements Rows {
    private final Lines lines;
    private final List<String> columns;
    private String origin;
    private String line = "";
    private int at;

    CsvRows(Path file, String label) {
        this.lines = new Lines(file, label);
        this.origin = label;
        try {
            columns = record();
            Rows.requireDocuments(label, columns);
        } catch (RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    @Override
    public @Nullable Fields read() {
        List<String> cells = record();
        if (cells.isEmpty()) {
            return null;
        }
        if (cells.size() != columns.size()) {
            throw CorpusException.at(
                    origin,
                    columns.size() + " cells as in the header",
                    Integer.toString(cells.size()),
                    "put cells that hold a comma, a quote or a line end in double quotes");
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int c = 0; c < cells.size(); c++) {
            object.set(columns.get(c), columns.get(c).equals("tokens") ? list(cells.get(c)) : text(cells.get(c)));
        }
        return new Fields(origin, object);
    }

    @Override
    public long skip(long count) {
        long skipped = 0;
        while (skipped < count && !record().isEmpty()) {
            skipped++;
        }
        return skipped;
    }

    @Override
    public void close() {
        lines.close();
    }

    private static JsonNode text(String cell) {
        return JsonNodeFactory.instance.textNode(cell);
    }

    private static JsonNode list(String cell) {
        try {
            return cell.isBlank() ? JsonNodeFactory.instance.nullNode() : Json.parse(cell);
        } catch (JsonProcessingException e) {
            return text(cell); // which is no list of ids: Fields says so, and where
        }
    }

    /// The cells of the next record; none after the last.
    private List<String> record() {
        do {
            if (!lines.next()) {
                return List.of();
            }
        } while (lines.isBlank());
        origin = lines.origin();
        line = lines.text();
        at = 0;
        List<String> cells = new ArrayList<>();
        do {
            cells.add(at < line.length() && line.charAt(at) == '"' ? quotedCell() : plainCell());
        } while (comma());
        return cells;
    }

    private boolean comma() {
        return at < line.length() && line.charAt(at++) == ',';
    }

    private String plainCell() {
        int comma = line.indexOf(',', at);
        int end = comma >= 0 ? comma : line.endsWith("\r") ? line.length() - 1 : line.length();
        String cell = line.substring(at, end);
        at = end;
        return cell;
    }

    private String quotedCell() {
        var cell = new StringBuilder();
        at++;
        while (true) {
            int quote = line.indexOf('"', at);
            if (quote < 0) {
                cell.append(line, at, line.length()).append('\n');
                continueRecord(cell.length());
            } else if (line.startsWith("\"\"", quote)) {
                cell.append(line, at, quote + 1);
                at = quote + 2;
            } else {
                cell.append(line, at, quote);
                at = quote + 1;
                requireEndOfCell();
                return cell.toString();
            }
        }
    }

    private void continueRecord(int length) {
        if (length > Lines.MAX_LENGTH || !lines.next()) {
            throw CorpusException.at(
                    origin, "a closing double quote", "none", "close the cell, and double the quotes inside it");
        }
        line = lines.text();
        at = 0;
    }

    private void requireEndOfCell() {
        if (at < line.length() && line.charAt(at) != ',' && !line.startsWith("\r", at)) {
            throw CorpusException.at(
                    lines.origin(),
                    "a comma or the end of the line after a closing double quote",
                    "'" + line.charAt(at) + "'",
                    "double the quotes inside a quoted cell");
        }
    }
}
