package dev.wellspring.queries;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Fields;
import dev.wellspring.queries.corpus.JsonLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads queries from JSON Lines, all at once: there are hundreds of them, not millions.
public final class QueryFile {
    private static final Set<String> FIELDS = Set.of(
            "id",
            "kind",
            "family",
            "prompt",
            "completion",
            "prompt_tokens",
            "completion_tokens",
            "answers",
            "control_of");

    private QueryFile() {}

    /// The queries in the file's order.
    ///
    /// @throws CorpusException if the file is missing, holds no query, or a line is not one
    public static List<Query> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw CorpusException.at(file.toString(), "a file", "none", "check the path");
        }
        String label = String.valueOf(file.getFileName());
        List<Query> queries = new ArrayList<>();
        Map<String, String> origins = new HashMap<>();
        try (var lines = new JsonLines(file, label)) {
            for (Fields fields = lines.read(); fields != null; fields = lines.read()) {
                Query query = query(fields);
                String first = origins.putIfAbsent(query.id(), query.origin());
                if (first != null) {
                    throw fields.wrong(
                            "id", "an id of its own", "\"" + query.id() + "\" as in " + first, "rename one of the two");
                }
                queries.add(query);
            }
        }
        if (queries.isEmpty()) {
            throw CorpusException.at(label, "at least one query", "none", "write one JSON object per line");
        }
        return List.copyOf(queries);
    }

    private static Query query(Fields fields) {
        String prompt = fields.text("prompt");
        String completion = fields.text("completion");
        int[] promptTokens = fields.ids("prompt_tokens");
        int[] completionTokens = fields.ids("completion_tokens");
        requireEither(fields, "prompt", prompt, promptTokens);
        requireEither(fields, "completion", completion, completionTokens);
        requireSome(
                fields, "prompt_tokens", promptTokens, "give the context, as nothing else predicts the first token");
        requireSome(fields, "completion_tokens", completionTokens, "give the tokens whose likelihood is asked about");
        if (completionTokens == null && "".equals(completion)) {
            throw fields.wrong(
                    "completion", "a completion", "an empty text", "give the text whose likelihood is asked about");
        }
        return new Query(
                required(fields, "id"),
                kind(fields),
                required(fields, "family"),
                prompt,
                completion,
                promptTokens,
                completionTokens,
                fields.texts("answers"),
                fields.name("control_of"),
                fields.extras(FIELDS),
                fields.origin());
    }

    private static QueryKind kind(Fields fields) {
        String kind = required(fields, "kind");
        return QueryKind.of(kind)
                .orElseThrow(() -> fields.wrong(
                        "kind", "factual, reasoning or control", "\"" + kind + "\"", "choose one of the three"));
    }

    private static String required(Fields fields, String field) {
        String value = fields.name(field);
        if (value == null) {
            throw fields.wrong(field, "a text", "nothing", "add the field");
        }
        return value;
    }

    private static void requireEither(Fields fields, String field, @Nullable String text, int @Nullable [] ids) {
        if (text == null && ids == null) {
            throw fields.wrong(field, "a text", "nothing", "add the field, or " + field + "_tokens with token ids");
        }
    }

    private static void requireSome(Fields fields, String field, int @Nullable [] ids, String remedy) {
        if (ids != null && ids.length == 0) {
            throw fields.wrong(field, "at least one token id", "an empty list", remedy);
        }
    }
}
