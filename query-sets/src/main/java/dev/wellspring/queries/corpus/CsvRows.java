package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Comma-separated values after RFC 4180 with a header: quoted cells may hold commas, doubled quotes and line ends.
///
/// Every cell is text, as nothing in the file says otherwise; an id `007` stays `007`. A cell of
/// the column `tokens` holds a JSON list. Blank lines between records are passed over. A record is named after its
/// first line.
final class CsvRows implements Rows {
    /// The longest record that is read, in characters: a longer one is a quote that nobody closed.
    private static final int MAX_LENGTH = 1 << 26;

    private final String label;
    private final Content content;
    private final CsvRecord.Collector collector = new CsvRecord.Collector(MAX_LENGTH);
    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final List<String> columns;

    CsvRows(Path file, String label, Content content) {
        this.label = label;
        this.content = content;
        csv = CsvReader.builder()
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // which read() says in our own words
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(MAX_LENGTH)
                .build(collector, new LineReader(new Lines(file, label)));
        records = csv.iterator();
        try {
            CsvRecord header = record();
            columns = header == null ? List.of() : header.cells();
            content.require(label, columns);
        } catch (RuntimeException e) {
            throw Rows.closeAfter(e, this::close);
        }
    }

    @Override
    public @Nullable Fields read() {
        CsvRecord record = record();
        if (record == null) {
            return null;
        }
        List<String> cells = record.cells();
        if (cells.size() != columns.size()) {
            throw CorpusException.at(
                    origin(record.line()),
                    columns.size() + " cells as in the header",
                    Integer.toString(cells.size()),
                    "put cells that hold a comma, a quote or a line end in double quotes");
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int c = 0; c < cells.size(); c++) {
            object.set(
                    columns.get(c),
                    content.isJson(columns.get(c), cells.get(c)) ? json(cells.get(c)) : text(cells.get(c)));
        }
        return new Fields(origin(record.line()), object);
    }

    @Override
    public long skip(long count) {
        long skipped = 0;
        while (skipped < count && record() != null) {
            skipped++;
        }
        return skipped;
    }

    @Override
    public void close() {
        try {
            csv.close();
        } catch (IOException e) {
            throw new UncheckedIOException(label + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode text(String cell) {
        return JsonNodeFactory.instance.textNode(cell);
    }

    private static JsonNode json(String cell) {
        try {
            return cell.isBlank() ? JsonNodeFactory.instance.nullNode() : Json.parse(cell);
        } catch (JsonProcessingException e) {
            return text(cell); // which is not what it should be: Fields says so, and where
        }
    }

    /// The next record, or null after the last.
    private @Nullable CsvRecord record() {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException e) {
            switch (e.getCause()) { // what the lines under the library had to say, it wraps
                case RuntimeException lines -> throw lines;
                case Error error -> throw error;
                case null, default ->
                    throw CorpusException.at(
                            origin(collector.line()),
                            "a record after RFC 4180",
                            "none: " + e.getMessage(),
                            "close every quoted cell, and double the quotes inside it",
                            e);
            }
        }
    }

    private String origin(long line) {
        return label + ":" + line;
    }
}
