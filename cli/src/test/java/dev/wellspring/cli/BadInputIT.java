package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model, documents or queries that people get wrong.
class BadInputIT extends RefusalContract {
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
}
