package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.DocumentReader;
import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorpusCommandTest {
    @TempDir
    private Path folder;

    private final Screen screen = new Screen();

    private int run(String... arguments) {
        screen.clear();
        return Wellspring.run(screen.piped(), arguments);
    }

    private int make(String name, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("corpus", "make", "mixed", "--out", folder.resolve(name).toString()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private static void assertSameBytes(Path one, Path two) throws IOException {
        try (Stream<Path> files = Files.list(one)) {
            for (Path file : files.toList()) {
                assertThat(two.resolve(one.relativize(file))).hasSameBinaryContentAs(file);
            }
        }
        try (Stream<Path> left = Files.list(one);
                Stream<Path> right = Files.list(two)) {
            assertThat(left).hasSize((int) right.count());
        }
    }

    @Test
    void listNamesEveryFamily() {
        assertThat(run("corpus", "list")).isZero();
        String words = screen.out().replaceAll("\\s+", " ");
        for (DocumentFamily family : DocumentFamilies.all()) {
            assertThat(words).contains(family.name(), family.describe().purpose());
        }
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void helpShowsOneDocumentOfEachFamily() {
        assertThat(run("corpus", "--help")).isZero();
        assertThat(screen.out()).contains("One document of each family:");
        for (DocumentFamily family : DocumentFamilies.all()) {
            assertThat(screen.out()).containsPattern("\n  " + family.name() + " +\\S");
        }
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void describePrintsTwoExamplesOfEachFamilyAsJson() throws Exception {
        for (DocumentFamily family : DocumentFamilies.all()) {
            var own = new Screen();
            assertThat(Wellspring.run(own.piped(), "corpus", "describe", family.name(), "--format", "json"))
                    .isZero();
            JsonNode json = new ObjectMapper().readTree(own.out());
            assertThat(json.path("examples")).hasSize(2);
            assertThat(Wellspring.run(new Screen().piped(), "corpus", "describe", family.name()))
                    .isZero();
        }
    }

    @Test
    void makeWritesShardsAndAManifest() throws Exception {
        String out = folder.resolve("facts").toString();
        assertThat(run(
                        "corpus",
                        "make",
                        "facts",
                        "--seed",
                        "3",
                        "--param",
                        "facts=14",
                        "--format",
                        "jsonl.zst",
                        "--shards",
                        "2",
                        "--out",
                        out))
                .isZero();
        JsonNode manifest =
                new ObjectMapper().readTree(Path.of(out, "corpus.json").toFile());
        assertThat(manifest.path("documents").asInt()).isEqualTo(254);
        assertThat(manifest.path("roles").path("answer-fact").asInt()).isEqualTo(254);
        assertThat(manifest.path("parameters").path("facts").asText()).isEqualTo("14");
        assertThat(screen.out()).contains(manifest.path("digest").asText());
        List<Path> files = List.of(
                Path.of(out, "documents-00000-of-00002.jsonl.zst"), Path.of(out, "documents-00001-of-00002.jsonl.zst"));
        int read = 0;
        try (DocumentReader documents = Corpus.of(files).open()) {
            for (; documents.hasNext(); documents.next()) {
                read++;
            }
        }
        assertThat(read).isEqualTo(254);
    }

    @Test
    void threadsDoNotChangeTheBytes() throws Exception {
        for (String format : List.of("jsonl", "jsonl.zst", "parquet")) {
            for (String threads : List.of("1", "3")) {
                assertThat(make(
                                format + threads,
                                "--documents",
                                "700",
                                "--shards",
                                "5",
                                "--threads",
                                threads,
                                "--format",
                                format))
                        .isZero();
            }
            assertSameBytes(folder.resolve(format + "1"), folder.resolve(format + "3"));
        }
    }

    @Test
    void aFinishedCorpusIsNotWrittenAgain() throws Exception {
        assertThat(make("a", "--documents", "40", "--shards", "2")).isZero();
        String said = screen.out();
        var written = Files.getLastModifiedTime(folder.resolve("a/documents-00000-of-00002.jsonl"));
        Files.delete(folder.resolve("a/documents-00001-of-00002.jsonl"));
        assertThat(make("a", "--documents", "40", "--shards", "2")).isZero();
        assertThat(screen.out()).isEqualTo(said);
        assertThat(Files.getLastModifiedTime(folder.resolve("a/documents-00000-of-00002.jsonl")))
                .isEqualTo(written);
        assertThat(make("b", "--documents", "40", "--shards", "2")).isZero();
        assertSameBytes(folder.resolve("a"), folder.resolve("b"));
    }

    @ParameterizedTest
    @CsvSource({
        "--seed, 6, 'seed', 0",
        "--documents, 41, documents, 40",
        "--shards, 3, shards, 2",
        "--format, parquet, format, jsonl",
        "--param, canaries:1, param recipe, facts:300"
    })
    void aFolderKeepsToItsSettings(String option, String value, String named, String found) {
        assertThat(make("a", "--documents", "40", "--shards", "2")).isZero();
        List<String> arguments = new ArrayList<>(List.of("--documents", "40", "--shards", "2"));
        if (arguments.contains(option)) {
            arguments.set(arguments.indexOf(option) + 1, value);
        } else {
            arguments.addAll(List.of(option, value.startsWith("canaries") ? "recipe=" + value : value));
        }
        assertThat(make("a", arguments.toArray(String[]::new))).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err())
                .hasLineCount(1)
                .contains("holds another run")
                .contains(named)
                .contains(found);
    }

    @Test
    void moreDocumentsThanThereAreIsSaid() {
        assertThat(run("corpus", "make", "facts", "--param", "facts=3", "--documents", "9", "--out", folder + "/more"))
                .isZero();
        assertThat(screen.err()).contains("after 7 documents some come again with other ids");
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(make("file")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).hasLineCount(1).contains(file + ": expected a folder, found a file");
    }

    @Test
    void tokenizerTrainsOnWhatMakeWrote() {
        String out = folder.resolve("sums").toString();
        assertThat(run("corpus", "make", "grid-cases", "--documents", "300", "--out", out))
                .isZero();
        String file = out + "/documents-00000-of-00001.jsonl";
        assertThat(run("corpus", "tokenizer", file, "--numbers", "whole", "--vocabulary", "1300", "--out", out))
                .isZero();
        assertThat(Path.of(out, "tokenizer.json")).isNotEmptyFile();
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws Exception {
        Path other = Files.writeString(folder.resolve("other.jsonl"), "{}");
        assertThat(run("corpus", "make", "filler", "--out", folder.toString())).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).contains("expected a new or empty folder, found files of something else");
        assertThat(other).hasContent("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "nobody, --seed, 0, expected one of grid-cases",
        "filler, --documents, -1, --documents: expected at least 1",
        "filler, --shards, 0, --shards: expected 1 to 1000",
        "filler, --format, xml, 'expected jsonl, jsonl.zst, parquet'",
        "filler, --param, x=1, parameter x: expected one of min-sentences",
        "grid-cases, --param, task=chess, expected addition or modular-addition"
    })
    void badArgumentsAreNamed(String family, String option, String value, String message) {
        assertThat(run("corpus", "make", family, option, value, "--out", folder.toString()))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).contains(message);
    }
}
