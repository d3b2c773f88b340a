package dev.wellspring.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The embedded example with its factors, the command lines that make stores of it, and what lies in them.
///
/// @param folder of everything
record StoreScene(Path folder) {
    /// How many documents the example has here.
    static final int DOCUMENTS = 48;

    private static final List<Object> COMPUTED = List.of("--backend", "reference", "--dtype", "float64");

    /// Copies the example and fits it.
    static StoreScene fit(Path folder) throws IOException {
        Commands.copyDemo(folder, DOCUMENTS);
        var scene = new StoreScene(folder);
        Commands.succeed(scene.with("fit", "--documents", scene.documents(), "--out", scene.factors()));
        return scene;
    }

    Path model() {
        return folder.resolve("model");
    }

    Path documents() {
        return folder.resolve("documents.jsonl");
    }

    Path factors() {
        return folder.resolve("factors");
    }

    /// Some of the documents, in a file of their own.
    Path documents(String name, int from, int to) throws IOException {
        return Files.write(folder.resolve(name), Files.readAllLines(documents()).subList(from, to));
    }

    /// Indexes all documents.
    void index(Path out, Object... options) {
        Commands.succeed(indexing(out, documents(), options));
    }

    /// In float64, unless the options say something else.
    Object[] indexing(Path out, Path documents, Object... options) {
        List<Object> arguments =
                new ArrayList<>(List.of("index", "--factors", factors(), "--documents", documents, "--out", out));
        arguments.addAll(List.of(options));
        return with(arguments.toArray());
    }

    Object[] searching(Path store, Path run, Object... options) {
        List<Object> arguments = new ArrayList<>(
                List.of("search", "--store", store, "--queries", folder.resolve("queries.jsonl"), "--out", run));
        arguments.addAll(List.of(options));
        return with(arguments.toArray());
    }

    /// A command line with what all of them need.
    Object[] with(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--backend")) {
            all.addAll(COMPUTED);
        }
        all.addAll(List.of("--model", model(), "--threads", 2, "--memory", "1G", "--progress", "off"));
        return all.toArray();
    }

    /// Changes a bit of one byte.
    static void flip(Path file, long at) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 1);
        }
    }

    /// The files of a store's shards, by their paths.
    static List<Path> shards(Path store) throws IOException {
        if (!Files.exists(store)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.toString().endsWith(".arrow"))
                    .sorted()
                    .toList();
        }
    }

    /// Every file but the histories, as text by its name.
    static Map<String, String> content(Path store) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("history.jsonl")) {
                    content.put(
                            store.relativize(file).toString(),
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return content;
    }
}
