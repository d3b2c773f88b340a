package dev.wellspring.queries.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;

/// How many ids a `tokenizer.json` can give, which the library does not say. `model.vocab` is an object from token to
/// id, or for Unigram models a list whose index is the id; `added_tokens` is a list of objects with an `id`.
final class VocabularySize {
    private final JsonParser json;
    private int size;

    private VocabularySize(JsonParser json) {
        this.json = json;
    }

    static int of(Path file) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            var counter = new VocabularySize(json);
            json.nextToken();
            counter.readTokenizer();
            return counter.size;
        }
    }

    private void readTokenizer() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    readIds("id");
                }
            } else if (field.equals("model") && value == JsonToken.START_OBJECT) {
                readModel();
            } else {
                json.skipChildren();
            }
        }
    }

    private void readModel() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                readIds("");
            } else if (field.equals("vocab") && value == JsonToken.START_ARRAY) {
                for (int id = 0; json.nextToken() != JsonToken.END_ARRAY; id++) {
                    json.skipChildren();
                    size = Math.max(size, id + 1);
                }
            } else {
                json.skipChildren();
            }
        }
    }

    /// The ids in an object: of the one field, or of all if the name is empty.
    private void readIds(String name) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && (name.isEmpty() || field.equals(name))) {
                size = Math.max(size, json.getIntValue() + 1);
            }
            json.skipChildren();
        }
    }
}
