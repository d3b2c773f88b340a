package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.score.ScoredQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demonstration in its smallest size, whose model learns nothing: the steps fit together, and what does not depend
/// on learning is found.
class DemoIT {
    @TempDir
    static Path shared;

    private static Path demo = Path.of("");
    private static Commands.Answer first = new Commands.Answer(0, "", "");

    @BeforeAll
    static void demonstrate() {
        demo = shared.resolve("demo");
        first = Commands.run("demo", "--size", "tiny", "--out", demo);
        assertThat(first.status()).as(first.err()).isEqualTo(ExitStatus.DONE);
    }

    private static JsonNode findings() throws IOException {
        return new ObjectMapper().readTree(demo.resolve("findings.json").toFile());
    }

    @Test
    void whatIsPlantedComesFirstEvenIfNothingWasLearned() throws IOException {
        JsonNode canaries = findings().path("canaries");
        assertThat(canaries.path("queries").asInt()).isEqualTo(2);
        assertThat(canaries.path("found").asInt()).isEqualTo(2);
        JsonNode planted = findings().path("planted");
        assertThat(planted.path("queries").asInt()).isEqualTo(2);
        assertThat(planted.path("planted_found").asInt()).isEqualTo(2);
        assertThat(findings().path("not_planted").path("queries").asInt()).isEqualTo(6);
    }

    @Test
    void itSaysThatItsModelHasLearnedNothing() throws IOException {
        assertThat(findings().at("/answered/factual, factual/answered").asInt()).isZero();
        assertThat(first.out())
                .contains("factual, factual                     0 of   7")
                .contains("(a) Facts")
                .contains("No fact is answered")
                .contains("the findings mean nothing")
                .contains(demo.resolve("report.html").toString());
        assertThat(demo.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void queriesAreOfEveryKindAndOfEveryTask() {
        assertThat(ScoredQuery.read(demo.resolve("run")))
                .extracting(query -> query.kind() + " " + query.family())
                .contains(
                        "factual factual",
                        "factual canary",
                        "reasoning slope",
                        "reasoning two-step-arithmetic",
                        "control factual",
                        "control slope",
                        "control two-step-arithmetic")
                .hasSize(21);
    }

    /// Steps that are done are not done again, one that is missing is, and what comes out is the same.
    @Test
    void theSameCommandGoesOnWhereItStopped() throws IOException {
        Path file = demo.resolve("findings.json");
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(demo.resolve("queries").resolve("manifest.json"));
        Commands.Answer again = Commands.run("demo", "--size", "tiny", "--out", demo);
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(again.err()).contains(demo.resolve("model") + ": already complete, nothing to do");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void anotherSizeNeedsAnotherFolder() {
        Commands.Answer refused = Commands.run("demo", "--size", "small", "--out", demo);
        assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(refused.err()).contains("holds another run").contains("give another --out");
    }
}
