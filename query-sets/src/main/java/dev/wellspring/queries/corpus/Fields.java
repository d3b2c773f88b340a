package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One row of a file: named values, and where they stand. A field that is null counts as absent.
public final class Fields {
    private final String origin;
    private final ObjectNode object;
    private final @Nullable String line;

    Fields(String origin, ObjectNode object) {
        this(origin, object, null);
    }

    /// @param line what the object was parsed from
    Fields(String origin, ObjectNode object, @Nullable String line) {
        this.origin = origin;
        this.object = object;
        this.line = line;
    }

    /// `file:line`, or `file:row`.
    public String origin() {
        return origin;
    }

    /// The row as a line of JSON, without a line end: the file's own line where it is JSON Lines.
    public String line() {
        return line == null ? object.toString() : line;
    }

    /// Whether a field is there and not null.
    public boolean isPresent(String field) {
        return object.hasNonNull(field);
    }

    /// A text, which may be empty; null if absent.
    ///
    /// @throws CorpusException if it is of another type or holds half a character
    public @Nullable String text(String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(field, "a text", Json.describe(value), "put it in quotes or leave it out");
        }
        return requireUnicode(field, value.textValue());
    }

    /// A text or a whole number, as text; null if absent or empty.
    ///
    /// @throws CorpusException if it is of another type
    public @Nullable String name(String field) {
        JsonNode value = object.get(field);
        String text = value != null && value.isIntegralNumber() ? value.asText() : text(field);
        return text == null || text.isEmpty() ? null : text;
    }

    /// Token ids, which may be none; null if absent.
    ///
    /// @throws CorpusException if it is not a list of whole numbers from 0 to 2³¹ − 1
    public int @Nullable [] ids(String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isArray()) {
            throw wrong(field, "a list of token ids", Json.describe(value), "write it as [17, 4, …]");
        }
        int[] ids = new int[value.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = value.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw wrong(
                        field,
                        "token ids, whole numbers from 0",
                        Json.describe(id) + " at index " + i,
                        "write the ids that the model's tokenizer gives");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }

    /// A list of texts; empty if absent.
    ///
    /// @throws CorpusException if it is anything else
    public List<String> texts(String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(field, "a list of texts", Json.describe(value), "write it as [\"…\", \"…\"]");
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode text : value) {
            if (!text.isTextual()) {
                throw wrong(field, "a list of texts", Json.describe(text) + " in it", "put it in quotes");
            }
            texts.add(requireUnicode(field, text.textValue()));
        }
        return List.copyOf(texts);
    }

    /// A list of texts, or one text or whole number as a list of one; empty if absent or an empty text.
    ///
    /// @throws CorpusException if it is anything else
    public List<String> textOrTexts(String field) {
        JsonNode value = object.get(field);
        if (value != null && value.isArray()) {
            return texts(field);
        }
        String one = name(field);
        return one == null ? List.of() : List.of(one);
    }

    /// A text or a number, as text; null if it is anything else, absent or empty. For columns that need not be ours.
    public @Nullable String word(String field) {
        return word(object.get(field));
    }

    /// The texts and numbers of an object, as text and in the file's order; none if it is no object.
    public Map<String, String> words(String field) {
        Map<String, String> words = new LinkedHashMap<>();
        if (object.get(field) instanceof ObjectNode inner) {
            inner.forEachEntry((name, value) -> {
                String word = word(value);
                if (word != null) {
                    words.put(name, word);
                }
            });
        }
        return Collections.unmodifiableMap(words);
    }

    private static @Nullable String word(@Nullable JsonNode value) {
        String word = value == null || value.isNull() ? "" : value.asText();
        return word.isEmpty() ? null : word;
    }

    /// All but the known fields as a JSON object, in the file's order.
    public String extras(Set<String> known) {
        ObjectNode rest = object.objectNode();
        object.forEachEntry((name, value) -> {
            if (!known.contains(name)) {
                rest.set(name, value);
            }
        });
        return rest.toString();
    }

    /// What to throw about a field.
    public CorpusException wrong(String field, String expected, String found, String remedy) {
        return CorpusException.at(origin + ":" + field, expected, found, remedy);
    }

    /// JSON can spell half of a surrogate pair, which no tokenizer can read.
    private String requireUnicode(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    throw wrong(
                            field,
                            "Unicode text",
                            "the lone surrogate \\u%04x at character %d".formatted((int) text.charAt(i), i),
                            "remove it or write the whole pair");
                }
                i++;
            }
        }
        return text;
    }
}
