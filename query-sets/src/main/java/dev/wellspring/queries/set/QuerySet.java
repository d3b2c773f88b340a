package dev.wellspring.queries.set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A query set on disk: a folder with `queries.jsonl` and `manifest.json`. The same name, seed and parameters
/// give the same bytes.
///
/// @param folder where the two files are
public record QuerySet(Path folder) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The queries, one JSON object per line.
    public Path queries() {
        return folder.resolve("queries.jsonl");
    }

    /// What the set is.
    public Path manifestFile() {
        return folder.resolve("manifest.json");
    }

    /// Makes a family's queries and writes them.
    ///
    /// @throws CorpusException if the folder has a query set already, or cannot be written
    public Manifest make(QueryFamily family, long seed, Parameters parameters) {
        try (Stream<GeneratedQuery> queries = family.generate(seed, parameters)) {
            return write(family.name(), seed, parameters.values(), queries.iterator());
        }
    }

    /// Writes queries, one in memory at a time, and then the manifest.
    ///
    /// @throws CorpusException if the folder has a query set already, or cannot be written
    public Manifest write(String name, long seed, Map<String, String> parameters, Iterator<GeneratedQuery> queries) {
        if (Files.exists(queries()) || Files.exists(manifestFile())) {
            throw CorpusException.at(
                    folder.toString(), "no query set yet", "one", "choose another folder or remove this one");
        }
        try {
            Files.createDirectories(folder);
            Path part = folder.resolve("queries.jsonl.part");
            Map<String, Integer> counts = writeLines(part, queries);
            var manifest = new Manifest(name, Manifest.VERSION, seed, parameters, counts, digest(part));
            Path manifestPart = folder.resolve("manifest.json.part");
            Files.writeString(
                    manifestPart, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
            Files.move(part, queries(), StandardCopyOption.ATOMIC_MOVE);
            Files.move(manifestPart, manifestFile(), StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } catch (IOException e) {
            throw CorpusException.at(
                    folder.toString(), "a folder to write to", e.toString(), "check its permissions and its disk", e);
        }
    }

    /// The manifest, or null if there is none.
    ///
    /// @throws CorpusException if it is not one
    public @Nullable Manifest manifest() {
        if (!Files.exists(manifestFile())) {
            return null;
        }
        try {
            return JSON.readValue(Files.readString(manifestFile()), Manifest.class);
        } catch (JsonProcessingException e) {
            throw CorpusException.at(
                    manifestFile().toString(),
                    "a query set's manifest",
                    e.getOriginalMessage(),
                    "make the set again",
                    e);
        } catch (IOException e) {
            throw CorpusException.unreadable(manifestFile().toString(), e);
        }
    }

    /// Where a set's files do not hold what its manifest says; empty if they do, or if there is none.
    public List<String> contradictions(List<GeneratedQuery> read) {
        Manifest manifest = manifest();
        List<String> found = new ArrayList<>();
        if (manifest == null) {
            return found;
        }
        compare(found, "digest", manifest.digest(), digest());
        Map<String, Integer> counts = new LinkedHashMap<>();
        read.forEach(query -> count(counts, query));
        compare(found, "counts", manifest.counts().toString(), ordered(counts).toString());
        return found;
    }

    private String digest() {
        try {
            return digest(queries());
        } catch (IOException e) {
            throw CorpusException.unreadable(queries().toString(), e);
        }
    }

    private void compare(List<String> found, String field, String expected, String actual) {
        if (!expected.equals(actual)) {
            found.add(CorpusException.at(
                            manifestFile() + ":" + field,
                            expected,
                            actual,
                            "make the set again, or remove the manifest")
                    .getMessage());
        }
    }

    private static Map<String, Integer> writeLines(Path file, Iterator<GeneratedQuery> queries) throws IOException {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Set<String> ids = new HashSet<>();
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            while (queries.hasNext()) {
                GeneratedQuery query = queries.next();
                if (!ids.add(query.id())) {
                    throw new IllegalStateException("query " + query.id() + ": made twice");
                }
                writer.write(QueryJson.write(query).toString());
                writer.write('\n');
                count(counts, query);
            }
        }
        return ordered(counts);
    }

    private static void count(Map<String, Integer> counts, GeneratedQuery query) {
        counts.merge("total", 1, Integer::sum);
        counts.merge(query.kind().text(), 1, Integer::sum);
        if (query.splitRole() != null) {
            counts.merge(query.splitRole(), 1, Integer::sum);
        }
    }

    /// The total, then the others by name, so that the order of the queries does not matter.
    private static Map<String, Integer> ordered(Map<String, Integer> counts) {
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ordered.put("total", counts.getOrDefault("total", 0));
        ordered.putAll(new TreeMap<>(counts));
        return ordered;
    }

    private static String digest(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
