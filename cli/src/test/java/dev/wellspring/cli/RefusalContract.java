package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What a refused command leaves: status 2, one line that says what and where, and nothing that looks like a result.
/// Every test begins with a model, documents and queries that are as they should be.
abstract class RefusalContract {
    /// A model, documents, queries, factors and scores that are as they should be.
    @TempDir
    static Path good;

    @TempDir
    Path folder;

    Path model;
    Path documents;
    Path queries;
    Path out;

    @BeforeAll
    static void makeWhatIsGood() throws IOException {
        Commands.copyDemo(good, 12);
        Commands.succeed(fitting(good.resolve("model"), good.resolve("documents.jsonl"), good.resolve("factors")));
        Commands.succeed(scoring(good, good.resolve("factors"), good.resolve("run")));
    }

    @BeforeEach
    void copyWhatWillBeSpoilt() throws IOException {
        Commands.copyDemo(folder, 12);
        model = folder.resolve("model");
        documents = folder.resolve("documents.jsonl");
        queries = folder.resolve("queries.jsonl");
        out = folder.resolve("out");
    }

    void assertFitRefused(String... words) throws IOException {
        assertFitRefused(List.of(), words);
    }

    void assertFitRefused(List<String> options, String... words) throws IOException {
        assertRefused(fitting(model, documents, out, options.toArray(String[]::new)), words);
        assertNothingWritten();
    }

    void assertScoreRefused(String... words) throws IOException {
        assertRefused(scoring(folder, good.resolve("factors"), out), words);
        assertNothingWritten();
    }

    static void assertRefused(Object[] command, String... words) {
        Commands.Answer answer = Commands.run(command);
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.complaints())
                .as(answer.err())
                .singleElement()
                .asString()
                .contains(words);
        assertThat(answer.err()).doesNotContain("\tat ", "Exception").endsWith(System.lineSeparator());
    }

    /// Nothing under a final name but the manifest of a run that is not complete.
    void assertNothingWritten() throws IOException {
        if (Files.exists(out)) {
            assertThat(files(out))
                    .isSubsetOf("manifest.json", "history.jsonl", "queries.json", "query-block.safetensors");
            assertThat(Manifest.read(out).complete()).isFalse();
        }
    }

    static Object[] fitting(Path model, Path documents, Path out, String... options) {
        List<Object> arguments =
                new ArrayList<>(List.of("fit", "--model", model, "--documents", documents, "--out", out));
        arguments.addAll(List.of("--backend", "reference", "--progress", "off"));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    /// @param inputs the folder of model, queries and documents
    static Object[] scoring(Path inputs, Path factors, Path out, String... options) {
        List<Object> arguments = new ArrayList<>(
                List.of("score", "--model", inputs.resolve("model"), "--factors", factors, "--out", out));
        arguments.addAll(List.of("--queries", inputs.resolve("queries.jsonl")));
        arguments.addAll(List.of("--documents", inputs.resolve("documents.jsonl")));
        arguments.addAll(List.of("--backend", "reference", "--progress", "off"));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    Path weights() {
        return model.resolve("model.safetensors");
    }

    void copyQueries() throws IOException {
        Files.writeString(queries, Files.readString(good.resolve("queries.jsonl")));
    }

    void copyDocuments() throws IOException {
        Files.writeString(documents, Files.readString(good.resolve("documents.jsonl")));
    }

    static void add(Path file, String... lines) throws IOException {
        Files.write(file, List.of(lines), StandardOpenOption.APPEND);
    }

    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
