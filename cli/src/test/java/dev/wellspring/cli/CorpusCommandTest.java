package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.DocumentReader;
import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorpusCommandTest {
    @TempDir
    private Path folder;

    private final Screen screen = new Screen();

    private int run(String... arguments) {
        return Wellspring.run(screen.piped(), arguments);
    }

    @Test
    void listNamesEveryFamily() {
        assertThat(run("corpus", "list")).isZero();
        for (DocumentFamily family : DocumentFamilies.all()) {
            assertThat(screen.out()).contains(family.name(), family.describe().purpose());
        }
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
        assertThat(screen.err()).contains("--out: expected a new or empty folder");
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
