package dev.wellspring.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a run folder was made from and what came of it: `manifest.json`. It holds no times, so that equal runs have
/// equal manifests; those are in `history.jsonl`.
///
/// @param format version of the folder's layout
/// @param kind `factors` or `scores`
/// @param version of the program
/// @param inputs digest of each input by name
/// @param settings everything that decides the result, by option name
/// @param complete whether every stage is done
/// @param results counts and findings by stage, for people and later commands
@JsonPropertyOrder({"format", "kind", "version", "complete", "inputs", "settings", "results"})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Manifest(
        int format,
        String kind,
        String version,
        SortedMap<String, String> inputs,
        SortedMap<String, String> settings,
        boolean complete,
        SortedMap<String, Object> results) {
    /// The name of the file in every run folder.
    public static final String FILE = "manifest.json";

    /// The layout this program writes and reads.
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /// The manifest of a run that has not begun.
    public static Manifest of(String kind, String version, Map<String, String> inputs, Map<String, String> settings) {
        return new Manifest(
                FORMAT, kind, version, new TreeMap<>(inputs), new TreeMap<>(settings), false, new TreeMap<>());
    }

    /// This manifest with one more finding.
    public Manifest with(String name, Object result) {
        var extended = new TreeMap<>(results);
        extended.put(name, result);
        return new Manifest(format, kind, version, inputs, settings, complete, extended);
    }

    /// This manifest, marked complete.
    public Manifest completed() {
        return new Manifest(format, kind, version, inputs, settings, true, results);
    }

    /// What decides the result, as 64 hexadecimal digits: SHA-256 over kind, inputs and settings.
    public String identity() {
        var text = new StringBuilder(kind).append('\n');
        inputs.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        settings.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        try {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: every Java has it", impossible);
        }
    }

    /// What another run would do differently, one phrase each; empty when it is the same run.
    public List<String> differences(Manifest wanted) {
        var differences = new ArrayList<String>();
        if (!kind.equals(wanted.kind)) {
            differences.add("it holds " + kind + ", not " + wanted.kind);
        }
        compare(inputs, wanted.inputs, differences);
        compare(settings, wanted.settings, differences);
        return differences;
    }

    /// Reads the manifest of a folder.
    ///
    /// @throws RunRefusedException when it is missing, broken or of another format
    public static Manifest read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Manifest manifest = JSON.readValue(file.toFile(), Manifest.class);
            if (manifest.format != FORMAT) {
                throw new RunRefusedException(file + ": expected format " + FORMAT + ", found " + manifest.format
                        + "; use the version of wellspring that wrote it (" + manifest.version + ")");
            }
            return manifest;
        } catch (JsonProcessingException broken) {
            throw new RunRefusedException(
                    file + ": not a manifest (" + broken.getOriginalMessage() + "); delete the folder and run again");
        } catch (IOException missing) {
            throw new RunRefusedException(
                    file + ": expected the manifest of a run, found none; give the folder that --out named");
        }
    }

    /// The bytes of `manifest.json`.
    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("manifest: " + impossible.getOriginalMessage(), impossible);
        }
    }

    private static void compare(
            SortedMap<String, String> found, SortedMap<String, String> wanted, List<String> differences) {
        var names = new TreeSet<>(found.keySet());
        names.addAll(wanted.keySet());
        for (String name : names) {
            String before = found.getOrDefault(name, "absent");
            String now = wanted.getOrDefault(name, "absent");
            if (!before.equals(now)) {
                differences.add(name + " was " + shortened(before) + ", now " + shortened(now));
            }
        }
    }

    private static String shortened(String value) {
        return value.length() <= 24 ? value : value.substring(0, 12) + "…";
    }
}
