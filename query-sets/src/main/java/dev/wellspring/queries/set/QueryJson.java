package dev.wellspring.queries.set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Fields;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Span;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A query as a JSON object and back: the schema of docs/reference/query-sets.md. Empty fields are left out.
public final class QueryJson {
    private static final ObjectReader READER = JsonMapper.builder().build().readerFor(JsonNode.class);
    private static final Set<String> TEXTS = Set.of(
            "id", "kind", "family", "prompt", "completion", "answers", "format", "skin", "split_role", "control_of");

    private QueryJson() {}

    /// The query as an object, fields in the schema's order.
    public static ObjectNode write(GeneratedQuery query) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", query.id());
        object.put("kind", query.kind().text());
        object.put("family", query.family());
        object.put("prompt", query.prompt());
        object.put("completion", query.completion());
        putTexts(object, "answers", query.answers());
        putTexts(object, "intermediate_answers", query.intermediateAnswers());
        if (!query.targetSpans().isEmpty()) {
            ArrayNode spans = object.putArray("target_spans");
            query.targetSpans()
                    .forEach(span -> spans.addObject()
                            .put("name", span.name())
                            .put("start", span.start())
                            .put("end", span.end()));
        }
        if (!query.coordinates().isEmpty()) {
            query.coordinates().forEach(object.putObject("coordinates")::put);
        }
        if (!query.labels().isEmpty()) {
            query.labels().forEach(object.putObject("labels")::put);
        }
        putText(object, "format", query.format());
        putText(object, "skin", query.skin());
        putText(object, "split_role", query.splitRole());
        putText(object, "control_of", query.controlOf());
        return object;
    }

    /// A row as a query. Fields that the schema does not know become labels, if they are texts or numbers.
    ///
    /// @param defaults what holds where the row does not say
    /// @throws CorpusException if the row lacks a field, or one is of another type
    static GeneratedQuery read(Fields row, QueryImport.Defaults defaults) {
        String completion = required(row, "completion");
        var query = GeneratedQuery.of(id(row), kind(row, defaults), family(row, defaults))
                .prompt(required(row, "prompt"))
                .completion(completion)
                .answers(row.textOrTexts("answers"));
        put(row.name("format"), query::format);
        put(row.name("skin"), query::skin);
        put(row.name("split_role"), query::splitRole);
        put(row.name("control_of"), query::controlOf);
        extras(row).forEachEntry((name, value) -> {
            switch (name) {
                case "intermediate_answers" -> query.intermediateAnswers(row.textOrTexts(name));
                case "target_spans" -> value.forEach(span -> query.targetSpan(span(row, span, completion)));
                case "coordinates" ->
                    value.forEachEntry((key, number) -> query.coordinate(key, coordinate(row, key, number)));
                case "labels" -> value.forEachEntry((key, label) -> query.label(key, label.asText()));
                default -> {
                    if (value.isValueNode() && !value.isNull()) {
                        query.label(name, value.asText());
                    }
                }
            }
        });
        return query.build();
    }

    private static JsonNode extras(Fields row) {
        try {
            return READER.readTree(row.extras(TEXTS));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(row.origin() + ": JSON that was read cannot be read again", e);
        }
    }

    private static Span span(Fields row, JsonNode span, String completion) {
        int start = span.path("start").asInt(-1);
        int end = span.path("end").asInt(-1);
        if (start < 0 || end <= start || end > completion.length()) {
            throw row.wrong(
                    "target_spans",
                    "0 <= start < end <= " + completion.length() + ", in characters of the completion",
                    span.toString(),
                    "correct start and end");
        }
        return new Span(span.path("name").asText("answer"), start, end);
    }

    private static int coordinate(Fields row, String name, JsonNode number) {
        if (!number.isIntegralNumber() || !number.canConvertToInt()) {
            throw row.wrong(
                    "coordinates." + name, "a whole number", number.toString(), "move what is no number to labels");
        }
        return number.intValue();
    }

    private static String id(Fields row) {
        String id = row.name("id");
        return id == null ? row.origin() : id;
    }

    private static QueryKind kind(Fields row, QueryImport.Defaults defaults) {
        String kind = row.name("kind");
        if (kind == null && defaults.kind() != null) {
            return defaults.kind();
        }
        return QueryKind.of(String.valueOf(kind))
                .orElseThrow(() -> row.wrong(
                        "kind",
                        "factual, reasoning or control",
                        kind == null ? "nothing" : "\"" + kind + "\"",
                        "choose one of the three, or give one for all rows with --kind"));
    }

    private static String family(Fields row, QueryImport.Defaults defaults) {
        String family = row.name("family");
        return family == null ? defaults.family() : family;
    }

    private static String required(Fields row, String field) {
        String value = row.text(field);
        if (value == null || value.isEmpty()) {
            throw row.wrong(field, "a text", value == null ? "nothing" : "an empty text", "fill it in");
        }
        return value;
    }

    private static void putTexts(ObjectNode object, String field, Collection<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = object.putArray(field);
            texts.forEach(list::add);
        }
    }

    private static void putText(ObjectNode object, String field, @Nullable String text) {
        if (text != null) {
            object.put(field, text);
        }
    }

    private static void put(@Nullable String value, Consumer<String> target) {
        if (value != null) {
            target.accept(value);
        }
    }
}
