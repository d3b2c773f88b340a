package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Folders and options that people get wrong.
class BadRunIT extends RefusalContract {
    private static final ObjectMapper JSON = new ObjectMapper();

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
    void damagedScoresAreFoundByVerify() throws IOException {
        Path run = good.resolve("run");
        assertThat(Commands.succeed("verify", run)).contains("every checksum holds");
        Path shard = run.resolve("scores-00000.arrow");
        byte[] whole = Files.readAllBytes(shard);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 4;
        Files.write(shard, damaged);
        try {
            Commands.Answer answer = Commands.run("verify", run);
            assertThat(answer.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(answer.out()).contains(shard.toString()).hasLineCount(1);
        } finally {
            Files.write(shard, whole);
        }
    }

    @Test
    void reportOnScoresThatAreNotThere() throws IOException {
        Path unfinished = unfinished(good.resolve("run"));
        for (List<String> verb : List.of(List.of("top"), List.of("export", "--format", "csv"), List.of("baselines"))) {
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

    private static Object[] reading(List<String> verb, Path run) {
        List<Object> arguments = new ArrayList<>(verb);
        arguments.add(1, run);
        return arguments.toArray();
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
}
