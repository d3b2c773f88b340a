package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a `wellspring validate` found, as it wrote it.
///
/// @param kind `lds`, `removal` or `square`
/// @param name of the folder it stands in
/// @param result the file's content
public record Validation(String kind, String name, JsonNode result) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// The files that validations write, and a field that each must have.
    private enum Kind {
        LDS("methods"),
        REMOVAL("removed"),
        SQUARE("radius");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// The results in a folder; empty when there is none.
    ///
    /// @throws IllegalArgumentException when a file is there, but is something else
    public static List<Validation> in(Path folder) {
        List<Validation> found = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Path file = folder.resolve(kind.word() + ".json");
            if (Files.exists(file)) {
                found.add(new Validation(kind.word(), name(folder), read(file, kind)));
            }
        }
        return found;
    }

    private static JsonNode read(Path file, Kind kind) {
        JsonNode result;
        try {
            result = JSON.readTree(file.toFile());
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            throw new IllegalArgumentException(file + ": not JSON (" + broken.getOriginalMessage() + ")", broken);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": " + failure.getMessage(), failure);
        }
        if (!result.path(kind.field).isObject()) {
            throw new IllegalArgumentException(file + ": expected an object '" + kind.field + "', found none");
        }
        return result;
    }

    private static String name(Path folder) {
        Path last = folder.toAbsolutePath().normalize().getFileName();
        return last == null ? folder.toString() : last.toString();
    }
}
