package dev.wellspring.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/// One folder of `resources/golden`: a tiny checkpoint, documents, queries, and what must be computed from them.
///
/// @param name such as `llama`
/// @param folder where it lies on disk
/// @param documents their ids and tokens, by id, in file order
/// @param queries the same for queries
/// @param expected the numbers by key; `resources/golden/README.md` lists the keys
public record GoldenCase(
        String name,
        Path folder,
        Map<String, Sequence> documents,
        Map<String, Sequence> queries,
        Map<String, Expected> expected) {
    /// All cases.
    public static final List<String> NAMES =
            List.of("cohere", "gpt2", "llama", "mistral", "olmo2", "pythia", "qwen2", "qwen3");

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// One expected tensor, row-major.
    public record Expected(long[] shape, double[] values) {}

    /// Reads a case, for example in a parameterised test over [#NAMES].
    public static GoldenCase load(String name) {
        try {
            Path folder = folder(name);
            return new GoldenCase(
                    name,
                    folder,
                    sequences(folder.resolve("documents.jsonl"), node -> Sequence.document(ids(node, "tokens"))),
                    sequences(
                            folder.resolve("queries.jsonl"),
                            node -> Sequence.query(ids(node, "prompt_tokens"), ids(node, "completion_tokens"))),
                    expected(folder.resolve("expected.safetensors")));
        } catch (IOException e) {
            throw new UncheckedIOException("golden case " + name, e);
        }
    }

    /// The checkpoint.
    public Path model() {
        return folder.resolve("model");
    }

    /// The names of the linear modules of a scope, `mlp` or `all`, in forward order.
    public List<String> modules(String scope) {
        try {
            JsonNode root =
                    new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
            List<String> names = new ArrayList<>();
            root.get("scopes").get(scope).forEach(module -> names.add(module.asText()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException("golden case " + name, e);
        }
    }

    /// The numbers of one key.
    public double[] values(String key) {
        return Objects.requireNonNull(expected.get(key), key).values();
    }

    private static Path folder(String name) throws IOException {
        try {
            URI uri = Objects.requireNonNull(GoldenCase.class.getResource("/golden/" + name), name)
                    .toURI();
            return "jar".equals(uri.getScheme()) ? unpacked(uri, name) : Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /// Copies a case out of a jar, for the tests of other modules: a mapped file must lie on disk.
    private static Path unpacked(URI uri, String name) throws IOException {
        Path target = Files.createTempDirectory("golden-" + name + "-");
        target.toFile().deleteOnExit();
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of());
                Stream<Path> inside = Files.walk(jar.getPath("/golden/" + name))) {
            Path root = jar.getPath("/golden/" + name);
            for (Path from : inside.toList()) {
                Path to = target.resolve(root.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to);
                }
                to.toFile().deleteOnExit();
            }
        }
        return target;
    }

    private static Map<String, Sequence> sequences(Path file, Function<JsonNode, Sequence> read) throws IOException {
        Map<String, Sequence> sequences = new LinkedHashMap<>();
        var mapper = new ObjectMapper();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = mapper.readTree(line);
            sequences.put(node.get("id").asText(), read.apply(node));
        }
        return Collections.unmodifiableMap(sequences);
    }

    private static int[] ids(JsonNode node, String field) {
        List<Integer> ids = new ArrayList<>();
        node.get(field).forEach(id -> ids.add(id.asInt()));
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Map<String, Expected> expected(Path path) throws IOException {
        Map<String, Expected> expected = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (String key : file.names()) {
                StoredTensor tensor = file.tensor(key);
                expected.put(key, new Expected(tensor.shape(), tensor.data().toArray(DOUBLE)));
            }
        }
        return Collections.unmodifiableMap(expected);
    }
}
