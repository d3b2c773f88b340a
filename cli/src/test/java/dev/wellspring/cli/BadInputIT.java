package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.run.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people get wrong: status 2, one line that says what and where, and nothing that looks like a result.
class BadInputIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A model, documents, queries, factors and scores that are as they should be.
    @TempDir
    static Path good;

    @TempDir
    Path folder;

    private Path model;
    private Path documents;
    private Path queries;
    private Path out;

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

    // The model.

    @Test
    void unknownArchitecture() throws IOException {
        replace(model.resolve("config.json"), "LlamaForCausalLM", "MambaForCausalLM");
        replace(model.resolve("config.json"), "\"llama\"", "\"mamba\"");
        assertFitRefused("config.json", "mamba");
    }

    @Test
    void missingTensor() throws IOException {
        renameTensor("model.layers.1.mlp.up_proj.weight", "model.layers.1.mlp.up_prox.weight");
        assertFitRefused("model.layers.1.mlp.up_proj.weight", "found none");
    }

    @Test
    void wrongShape() throws IOException {
        replace(model.resolve("config.json"), "\"intermediate_size\": 72", "\"intermediate_size\": 64");
        assertFitRefused("model.safetensors", "mlp", "[64, 32]", "[72, 32]");
    }

    @Test
    void weightsThatAreNoNumbers() throws IOException {
        byte[] bytes = Files.readAllBytes(weights());
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 40, Float.NaN);
        Files.write(weights(), bytes);
        assertFitRefused("model.safetensors", "finite", "NaN");
    }

    @ParameterizedTest
    @CsvSource({"4", "300", "100000"})
    void truncatedWeights(int bytes) throws IOException {
        Files.write(weights(), Arrays.copyOf(Files.readAllBytes(weights()), bytes));
        assertFitRefused("model.safetensors", "truncated");
    }

    @Test
    void missingModel() throws IOException {
        model = folder.resolve("nowhere");
        assertFitRefused("nowhere");
    }

    @Test
    void tokenizerWithMoreIdsThanTheModel() throws IOException {
        replace(
                model.resolve("tokenizer.json"),
                "\"added_tokens\": [",
                "\"added_tokens\": [{\"id\": 700, \"content\": \"Velmar\", \"single_word\": false, \"lstrip\": false,"
                        + " \"rstrip\": false, \"normalized\": false, \"special\": false},");
        Files.writeString(documents, "{\"text\": \"Velmar is the capital of Norland.\"}\n");
        assertFitRefused("documents.jsonl:1:text", "0 to 383", "tokenizer.json");
    }

    // The documents.

    @Test
    void documentsTooShortToPredictAnythingAreSkippedAndCounted() throws IOException {
        add(documents, "{\"id\": \"empty\", \"text\": \"\"}", "{\"id\": \"short\", \"tokens\": [5]}");
        Commands.Answer fit = Commands.run(fitting(model, documents, out));
        assertThat(fit.status()).isEqualTo(ExitStatus.DONE);
        assertThat(fit.err()).contains("skipped: 1 document, empty", "skipped: 1 document, of one token");
        assertThat(Manifest.read(out).results().get("skipped_documents")).hasToString("{empty=1, of one token=1}");
        Path run = folder.resolve("run");
        Commands.Answer score = Commands.run(scoring(folder, out, run));
        assertThat(score.err()).contains("skipped: 1 document, empty", "skipped: 1 document, of one token");
        assertThat(Manifest.read(run).results())
                .containsEntry("documents", 12)
                .hasEntrySatisfying(
                        "skipped_documents", found -> assertThat(found).hasToString("{empty=1, of one token=1}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"text\": \"\"} | empty", "{\"tokens\": [5]} | one token", "{\"tokens\": []} | empty"})
    void documentsTooShortToPredictAnythingAreRefusedOnRequest(String line, String what) throws IOException {
        add(documents, line);
        assertFitRefused(List.of("--strict"), "documents.jsonl:13", what);
    }

    @Test
    void documentsOfWhichNoneIsLongEnough() throws IOException {
        Files.writeString(documents, "{\"text\": \"\"}\n{\"tokens\": [3]}\n");
        assertFitRefused("--documents", "two tokens or more", "found none");
        assertScoreRefused("--documents", "two tokens or more", "found none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"tokens\": [1, 384]} | documents.jsonl:13:tokens | 384 at index 1",
                "{\"tokens\": [-1, 3]} | documents.jsonl:13:tokens | -1 at index 0",
                "{\"title\": \"no text\"} | documents.jsonl:13 | text",
                "{\"text\": \"unfinished | documents.jsonl:13 | JSON",
                "[1, 2] | documents.jsonl:13 | object",
            })
    void documentThatCannotBeRead(String line, String where, String what) throws IOException {
        add(documents, line);
        assertFitRefused(where, what);
        assertScoreRefused(where, what);
    }

    @Test
    void documentInAnotherEncoding() throws IOException {
        Files.write(
                documents,
                "{\"text\": \"Zürich is a town.\"}\n".getBytes(StandardCharsets.ISO_8859_1),
                StandardOpenOption.APPEND);
        assertFitRefused("documents.jsonl:13", "UTF-8");
    }

    @Test
    void truncatedGzip() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(Files.readAllBytes(documents));
        }
        documents = folder.resolve("documents.jsonl.gz");
        Files.write(documents, Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
        assertFitRefused("documents.jsonl.gz", "whole compressed file");
    }

    @Test
    void missingDocuments() throws IOException {
        documents = folder.resolve("nowhere.jsonl");
        assertFitRefused("nowhere.jsonl", "check the path");
    }

    @Test
    void documentsOfAnUnknownForm() throws IOException {
        documents = Files.writeString(folder.resolve("documents.docx"), "x");
        assertFitRefused("documents.docx", ".jsonl");
    }

    // The queries.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"prompt\": \"P\", \"completion\": \"\" | completion | an empty text",
                "\"prompt\": \"P\", \"completion_tokens\": [] | completion_tokens | an empty list",
                "\"prompt\": \"P\" | completion | nothing",
                "\"prompt_tokens\": [1, 384], \"completion\": \"C\" | prompt_tokens | 384 at index 1",
                "\"prompt\": \"P\", \"completion_tokens\": [999] | completion_tokens | 999 at index 0",
            })
    void queryThatCannotBeAsked(String fields, String where, String what) throws IOException {
        add(queries, "{\"id\": \"q\", \"kind\": \"factual\", \"family\": \"f\", " + fields + "}");
        assertScoreRefused("queries.jsonl:17:" + where, what);
    }

    @Test
    void queryOfAnUnknownKindOrTwice() throws IOException {
        add(queries, "{\"id\": \"q\", \"kind\": \"odd\", \"family\": \"f\", \"prompt\": \"P\", \"completion\": \"C\"}");
        assertScoreRefused("queries.jsonl:17:kind", "factual, reasoning or control");
        copyQueries();
        add(queries, Files.readAllLines(queries).getFirst());
        assertScoreRefused("queries.jsonl:17:id", "capital-norland", "queries.jsonl:1");
    }

    @Test
    void queryInAnotherEncoding() throws IOException {
        Files.write(queries, "{\"id\": \"é\"}\n".getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.APPEND);
        assertScoreRefused("queries.jsonl:17", "UTF-8");
    }

    @Test
    void noQueries() throws IOException {
        Files.writeString(queries, "");
        assertScoreRefused("queries.jsonl", "at least one query");
        Files.delete(queries);
        assertScoreRefused("queries.jsonl", "check the path");
    }

    // Folders.

    @Test
    void outThatHoldsSomethingElse() throws IOException {
        Files.createDirectory(out);
        Files.writeString(out.resolve("thesis.tex"), "precious");
        assertRefused(fitting(model, documents, out), out.toString(), "new or empty folder", "--out");
        assertRefused(scoring(good, good.resolve("factors"), out), out.toString(), "new or empty folder", "--out");
        assertThat(out).isDirectoryContaining("glob:**thesis.tex");
        assertThat(files(out)).containsExactly("thesis.tex");
    }

    @Test
    void outThatIsAFile() throws IOException {
        Files.writeString(out, "x");
        assertRefused(fitting(model, documents, out), out.toString(), "expected a folder, found a file");
        assertThat(out).hasContent("x");
    }

    @Test
    void outThatHoldsAnotherRun() throws IOException {
        Commands.succeed(scoring(good, good.resolve("factors"), out));
        assertRefused(
                scoring(good, good.resolve("factors"), out, "--damping", "0.5x"),
                "damping was 0.1x, now 0.5x",
                "--out");
        assertRefused(fitting(model, documents, out), "holds another run", "--out");
        assertThat(Manifest.read(out).complete()).isTrue();
    }

    @Test
    void factorsOfAnotherModel() throws IOException {
        byte[] bytes = Files.readAllBytes(weights());
        bytes[bytes.length - 40] ^= 1;
        Files.write(weights(), bytes);
        assertRefused(scoring(folder, good.resolve("factors"), out), "another checkpoint", "--model");
        assertThat(out).doesNotExist();
    }

    @Test
    void unfinishedFactors() throws IOException {
        Path factors = unfinished(good.resolve("factors"));
        assertRefused(scoring(good, factors, out), factors.toString(), "unfinished", "again");
        assertThat(out).doesNotExist();
    }

    @Test
    void folderWithoutFactors() throws IOException {
        assertRefused(scoring(good, folder.resolve("nowhere"), out), "nowhere");
        assertRefused(scoring(good, good.resolve("run"), out), "expected factors, found scores", "wellspring fit");
        Path bare = Files.createDirectory(folder.resolve("bare"));
        assertRefused(scoring(good, bare, out), "bare", "eigenvectors.safetensors", "found none");
        assertThat(out).doesNotExist();
    }

    @Test
    void factorsOfOtherModules() throws IOException {
        assertRefused(
                scoring(good, good.resolve("factors"), out, "--modules", "all"), "self_attn.q_proj", "found none");
        assertThat(out).doesNotExist();
    }

    @Test
    void reportOnScoresThatAreNotThere() throws IOException {
        Path unfinished = unfinished(good.resolve("run"));
        for (List<String> verb : List.of(List.of("top"), List.of("export", "--format", "csv"))) {
            assertRefused(reading(verb, unfinished), unfinished.toString(), "unfinished", "again");
            assertRefused(reading(verb, good.resolve("factors")), "expected scores, found factors");
            assertRefused(reading(verb, folder.resolve("nowhere")), "nowhere", "found none");
            assertRefused(reading(verb, model), "manifest.json", "found none");
        }
    }

    @Test
    void unknownQuery() throws IOException {
        assertRefused(
                new Object[] {"top", good.resolve("run"), "--query", "capital-atlantis"},
                "capital-atlantis",
                "capital-norland");
    }

    @Test
    void damagedScores() throws IOException {
        Commands.succeed(scoring(good, good.resolve("factors"), out));
        Path shard = out.resolve("scores-00000.arrow");
        Files.write(shard, Arrays.copyOf(Files.readAllBytes(shard), 900));
        assertRefused(new Object[] {"top", out}, "scores-00000.arrow");
        Files.delete(shard);
        assertRefused(new Object[] {"export", out, "--format", "csv"}, out.toString(), "scores-00000.arrow");
    }

    @Test
    void exportToNowhere() throws IOException {
        assertRefused(
                new Object[] {"export", good.resolve("run"), "--format", "arrow"}, "--out", "expected a file", "arrow");
        Path missing = folder.resolve("no").resolve("scores.csv");
        for (String format : List.of("csv", "arrow", "parquet")) {
            assertRefused(
                    new Object[] {"export", good.resolve("run"), "--format", format, "--out", missing},
                    missing.toString());
        }
    }

    // Options.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--memory 641M | --memory | expected at least | MiB",
                "--memory much | --memory | 512M | much",
                "--modules attention | --modules attention | matched none | model.layers.0",
                "--modules ( | --modules ( | regular expression | parse",
                "--max-tokens 1 | --max-tokens | expected 2 to | got 1",
                "--shard-tokens 0 | --shard-tokens | at least 1 | got 0",
                "--threads 0 | --threads | at least 1 | got 0",
                "--curvature shampoo | --curvature | ekfac | shampoo",
                "--labels true | --labels | sampled | true",
                "--backend tpu | --backend | reference | tpu",
                "--dtype int4 | --dtype | float32 | int4",
                "--seed x | --seed | x | --help",
            })
    void optionOfFitThatCannotBeMet(String option, String first, String second, String third) throws IOException {
        assertFitRefused(List.of(option.split(" ")), first, second, third);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--memory 641M | --memory | expected at least | MiB",
                "--rank 0 | --rank | at least 1 | got 0",
                "--rank half | --rank | full | half",
                "--damping -1 | --damping | -1 | 0",
                "--damping little | --damping | 0.1x | little",
            })
    void optionOfScoreThatCannotBeMet(String option, String first, String second, String third) throws IOException {
        assertRefused(
                scoring(good, good.resolve("factors"), out, option.split(" ")),
                first.strip(),
                second.strip(),
                third.strip());
        assertThat(out).doesNotExist();
    }

    @Test
    void memoryThatTheMessageAsksForIsEnough() throws IOException {
        Commands.Answer answer = Commands.run(fitting(model, documents, out, "--memory", "641M"));
        String needed = answer.err().replaceAll("(?s).*expected at least (\\d+) MiB.*", "$1");
        Commands.succeed(fitting(model, documents, out, "--memory", needed + "M"));
    }

    @Test
    void optionOfTopThatCannotBeMet() throws IOException {
        Path run = good.resolve("run");
        assertRefused(new Object[] {"top", run, "--format", "xml"}, "--format", "table", "xml");
        assertRefused(new Object[] {"top", run, "--by", "luck"}, "--by", "normalised", "luck");
        assertRefused(new Object[] {"top", run, "-k", 0}, "-k", "at least 1", "got 0");
        assertRefused(new Object[] {"export", run, "--format", "xlsx"}, "--format", "parquet", "xlsx");
    }

    @Test
    void partsLongerThanTheModelReads() throws IOException {
        model = GoldenCase.load("gpt2").model();
        assertFitRefused(List.of("--max-tokens", "5000"), "--max-tokens", "for this model", "got 5000");
    }

    /// After the mistake is put right, the same --out takes the run.
    @Test
    void mistakeLeavesNothingInTheWay() throws IOException {
        Commands.run(fitting(model, documents, out, "--modules", "nothing"));
        add(documents, "{\"tokens\": [1, 384]}");
        Commands.run(fitting(model, documents, out));
        copyDocuments();
        Commands.succeed(fitting(model, documents, out));
        assertThat(Manifest.read(out).complete()).isTrue();
    }

    private void assertFitRefused(String... words) throws IOException {
        assertFitRefused(List.of(), words);
    }

    private void assertFitRefused(List<String> options, String... words) throws IOException {
        assertRefused(fitting(model, documents, out, options.toArray(String[]::new)), words);
        assertNothingWritten();
    }

    private void assertScoreRefused(String... words) throws IOException {
        assertRefused(scoring(folder, good.resolve("factors"), out), words);
        assertNothingWritten();
    }

    private static void assertRefused(Object[] command, String... words) {
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
    private void assertNothingWritten() throws IOException {
        if (Files.exists(out)) {
            assertThat(files(out))
                    .isSubsetOf("manifest.json", "history.jsonl", "queries.json", "query-block.safetensors");
            assertThat(Manifest.read(out).complete()).isFalse();
        }
    }

    private static Object[] fitting(Path model, Path documents, Path out, String... options) {
        List<Object> arguments =
                new ArrayList<>(List.of("fit", "--model", model, "--documents", documents, "--out", out));
        arguments.addAll(List.of("--backend", "reference", "--progress", "off"));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    /// @param inputs the folder of model, queries and documents
    private static Object[] scoring(Path inputs, Path factors, Path out, String... options) {
        List<Object> arguments = new ArrayList<>(
                List.of("score", "--model", inputs.resolve("model"), "--factors", factors, "--out", out));
        arguments.addAll(List.of("--queries", inputs.resolve("queries.jsonl")));
        arguments.addAll(List.of("--documents", inputs.resolve("documents.jsonl")));
        arguments.addAll(List.of("--backend", "reference", "--progress", "off"));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    private static Object[] reading(List<String> verb, Path run) {
        List<Object> arguments = new ArrayList<>(verb);
        arguments.add(1, run);
        return arguments.toArray();
    }

    private Path weights() {
        return model.resolve("model.safetensors");
    }

    private void copyQueries() throws IOException {
        Files.writeString(queries, Files.readString(good.resolve("queries.jsonl")));
    }

    private void copyDocuments() throws IOException {
        Files.writeString(documents, Files.readString(good.resolve("documents.jsonl")));
    }

    private static void add(Path file, String... lines) throws IOException {
        Files.write(file, List.of(lines), StandardOpenOption.APPEND);
    }

    private static void replace(Path file, String text, String other) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(text);
        Files.writeString(file, before.replace(text, other));
    }

    private void renameTensor(String name, String other) throws IOException {
        String before = Files.readString(weights(), StandardCharsets.ISO_8859_1);
        assertThat(before).contains(name);
        Files.writeString(weights(), before.replace(name, other), StandardCharsets.ISO_8859_1);
    }

    /// A copy of a run folder that says it is not complete.
    private Path unfinished(Path run) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("unfinished"));
        try (Stream<Path> files = Files.list(run)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path manifest = copy.resolve("manifest.json");
        ObjectNode content = (ObjectNode) JSON.readTree(manifest.toFile());
        JSON.writeValue(manifest.toFile(), content.put("complete", false));
        return copy;
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
