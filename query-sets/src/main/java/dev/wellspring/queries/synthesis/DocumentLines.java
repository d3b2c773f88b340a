package dev.wellspring.queries.synthesis;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Documents as JSON Lines, every column on every line. Does not close the stream it writes to.
public final class DocumentLines implements AutoCloseable {
    private final JsonGenerator json;

    DocumentLines(OutputStream out) throws IOException {
        json = new JsonFactoryBuilder().rootValueSeparator("\n").build().createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    /// One document as it stands in a file.
    public static JsonNode json(LabelledDocument document) {
        var line = new ByteArrayOutputStream();
        try {
            try (var lines = new DocumentLines(line)) {
                lines.write(document);
            }
            return JsonMapper.builder().build().readTree(line.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /// The columns and their types in SQL, in order.
    static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String name :
                new String[] {"id", "source", "text", "task", "role", "template", "format", "skin", "query"}) {
            columns.put(name, "VARCHAR");
        }
        columns.put("coordinates", "MAP(VARCHAR, INTEGER)");
        columns.put("digits", "MAP(VARCHAR, VARCHAR)");
        columns.put("answers", "VARCHAR[]");
        return columns;
    }

    void write(LabelledDocument document) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", document.id());
        json.writeStringField("source", document.source());
        json.writeStringField("text", document.text());
        json.writeStringField("task", document.task());
        json.writeStringField("role", document.role().label());
        json.writeStringField("template", document.template());
        json.writeStringField("format", document.format());
        json.writeStringField("skin", document.skin());
        json.writeStringField("query", document.query());
        json.writeObjectFieldStart("coordinates");
        for (Map.Entry<String, Integer> coordinate : document.coordinates().entrySet()) {
            json.writeNumberField(coordinate.getKey(), coordinate.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("digits");
        for (Map.Entry<String, String> digit : document.digits().entrySet()) {
            json.writeStringField(digit.getKey(), digit.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("answers");
        for (String answer : document.answers()) {
            json.writeString(answer);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /// Ends the last line.
    @Override
    public void close() throws IOException {
        json.writeRaw('\n');
        json.close();
    }
}
