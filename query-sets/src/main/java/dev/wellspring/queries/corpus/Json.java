package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// How this project reads JSON: decimals as written, `NaN` as Python writes it, nothing said twice and nothing after
/// the value.
final class Json {
    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Lines.MAX_LENGTH)
                            .build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private Json() {}

    static JsonNode parse(String text) throws JsonProcessingException {
        return READER.readTree(text);
    }

    /// A JSON value in an error message: short, and with its type.
    static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "the text " + shorten(value.toString());
            case NUMBER -> "the number " + shorten(value.toString());
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case BOOLEAN, NULL, BINARY, MISSING, POJO -> shorten(value.toString());
        };
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
