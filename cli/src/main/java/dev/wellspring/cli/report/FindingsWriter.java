package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.wellspring.store.scores.DataTable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Writes tables of findings for other tools. What is not known is empty in CSV and null in JSON.
final class FindingsWriter {
    private FindingsWriter() {}

    /// One table: a header, and a line for each row.
    static void csv(DataTable table, PrintStream out) {
        try {
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out, StandardCharsets.UTF_8);
            csv.writeRecord(table.columns().stream().map(DataTable.Column::name).toList());
            table.rows()
                    .forEach(row -> csv.writeRecord(
                            row.stream().map(FindingsWriter::text).toList()));
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("csv: " + failure.getMessage(), failure);
        }
    }

    /// Several tables: an object with an array for each, of an object for each row.
    static void json(SequencedMap<String, DataTable> tables, PrintStream out) {
        var json = new ObjectMapper();
        ObjectNode all = json.createObjectNode();
        for (Map.Entry<String, DataTable> table : tables.entrySet()) {
            ArrayNode rows = all.putArray(table.getKey());
            table.getValue().rows().forEach(row -> {
                ObjectNode node = rows.addObject();
                for (int i = 0; i < row.size(); i++) {
                    put(node, table.getValue().columns().get(i).name(), row.get(i));
                }
            });
        }
        json(all, out);
    }

    /// What a verb has put together by itself.
    static void json(ObjectNode all, PrintStream out) {
        try {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all));
        } catch (IOException failure) {
            throw new UncheckedIOException("json: " + failure.getMessage(), failure);
        }
    }

    /// A number that is none becomes null.
    static void put(ObjectNode node, String name, @Nullable Object value) {
        switch (value) {
            case null -> node.putNull(name);
            case Double number when number.isNaN() -> node.putNull(name);
            case Long whole -> node.put(name, whole);
            case Double number when Double.isFinite(number) -> node.put(name, number);
            default -> node.put(name, value.toString());
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
