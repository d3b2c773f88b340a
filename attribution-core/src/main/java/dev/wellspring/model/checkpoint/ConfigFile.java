package dev.wellspring.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// Typed access to a JSON object in a file, with errors that name the file and the field. A field that is null
/// counts as absent.
public final class ConfigFile {
    private final Path path;
    private final String prefix;
    private final JsonNode root;
    private final Map<String, String> aliases;

    private ConfigFile(Path path, String prefix, JsonNode root, Map<String, String> aliases) {
        this.path = path;
        this.prefix = prefix;
        this.root = root;
        this.aliases = aliases;
    }

    /// Reads a file that holds one JSON object.
    ///
    /// @throws CheckpointException when it is missing or is not JSON
    public static ConfigFile read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path + ": expected a JSON file, found none; check the path");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return read(path, in);
        }
    }

    /// Reads one JSON object from a stream, which stays the caller's.
    ///
    /// @param path what errors call it
    /// @throws CheckpointException when it is not JSON
    public static ConfigFile read(Path path, InputStream in) throws IOException {
        try {
            JsonNode root = JsonMapper.builder().build().readTree(in);
            if (!(root instanceof ObjectNode)) {
                throw new CheckpointException(path + ": expected a JSON object, found " + root.getNodeType());
            }
            return new ConfigFile(path, "", root, Map.of());
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new CheckpointException(path + ":" + line + ": expected JSON, found " + problem, e);
        }
    }

    /// The same file under other field names: asking for a key of `names` reads the field called as its value.
    public ConfigFile withNames(Map<String, String> names) {
        return new ConfigFile(path, prefix, root, Map.copyOf(names));
    }

    /// Where it was read from.
    public Path path() {
        return path;
    }

    /// Whether the field is there and not null.
    public boolean has(String field) {
        return root.hasNonNull(aliases.getOrDefault(field, field));
    }

    /// Whether the field is there at all, even as null.
    public boolean mentions(String field) {
        return root.has(aliases.getOrDefault(field, field));
    }

    /// Requires a flag to be false or absent, for features that are not supported.
    public void refuse(String field) {
        if (flag(field, false)) {
            throw wrong(field, "false", "true, which is not supported");
        }
    }

    /// A required positive integer.
    public int count(String field) {
        return count(field, require(field));
    }

    /// A positive integer, or the default where there is none.
    public int count(String field, int otherwise) {
        return has(field) ? count(field) : otherwise;
    }

    /// A required number.
    public double number(String field) {
        JsonNode node = require(field);
        if (!node.isNumber()) {
            throw wrong(field, "a number", node.toString());
        }
        return node.doubleValue();
    }

    /// A number, or the default where there is none.
    public double number(String field, double otherwise) {
        return has(field) ? number(field) : otherwise;
    }

    /// True or false, or the default where there is none.
    public boolean flag(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        JsonNode node = require(field);
        if (!node.isBoolean()) {
            throw wrong(field, "true or false", node.toString());
        }
        return node.booleanValue();
    }

    /// A required string.
    public String text(String field) {
        JsonNode node = require(field);
        if (!node.isTextual()) {
            throw wrong(field, "a string", node.toString());
        }
        return node.textValue();
    }

    /// A string, or the default where there is none.
    public String text(String field, String otherwise) {
        return has(field) ? text(field) : otherwise;
    }

    /// A required list of strings.
    public List<String> texts(String field) {
        JsonNode node = require(field);
        if (!node.isArray()) {
            throw wrong(field, "a list of strings", node.toString());
        }
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /// A required object within this one.
    public ConfigFile object(String field) {
        JsonNode node = require(field);
        if (!node.isObject()) {
            throw wrong(field, "an object", node.toString());
        }
        return new ConfigFile(path, prefix + field + ".", node, Map.of());
    }

    /// The names of all fields, in file order.
    public List<String> fields() {
        return root.properties().stream().map(Map.Entry::getKey).toList();
    }

    /// The exception for a field that holds something else than expected, in the one form all have.
    public CheckpointException wrong(String field, String expected, String found) {
        return new CheckpointException(path + ": " + prefix + aliases.getOrDefault(field, field) + ": expected "
                + expected + ", found " + found);
    }

    private int count(String field, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
            throw wrong(field, "an integer >= 1", node.toString());
        }
        return node.intValue();
    }

    private JsonNode require(String field) {
        if (!has(field)) {
            throw wrong(field, "a value", "none");
        }
        return root.get(aliases.getOrDefault(field, field));
    }
}
