package dev.wellspring.store.gradients;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The small files of a store: indented JSON, the same bytes on every system, replaced in one step.
final class StoreJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    private StoreJson() {}

    static String text(Object value) {
        try {
            ObjectWriter writer = JSON.writer(
                    new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES));
            return writer.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
        }
    }

    static void write(Path file, Object value) {
        byte[] bytes = text(value).getBytes(StandardCharsets.UTF_8);
        try (PartFile part = new PartFile(file)) {
            part.write(bytes, 0, bytes.length);
            part.commit();
        }
    }

    /// @throws StoreFileException if the file cannot be read
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            return ""; // no JSON either
        } catch (IOException e) {
            throw new StoreFileException(file, "cannot be read (" + ArrowReader.reason(e) + ")", e);
        }
    }

    /// @param file where the text is from
    /// @param remedy what to do about a file that is damaged
    /// @throws StoreFileException if it is not such a text
    static <T> T parse(Path file, String text, Class<T> type, String remedy) {
        try {
            return Objects.requireNonNull(JSON.readValue(text, type), "null");
        } catch (JsonProcessingException | NullPointerException e) {
            throw new StoreFileException(file, "is damaged (" + e.getMessage() + "); " + remedy, e);
        }
    }
}
