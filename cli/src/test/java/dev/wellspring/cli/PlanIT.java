package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.model.DecoderWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// `wellspring plan` on shapes whose figures are published.
class PlanIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"LLAMA_1B, 1235814400", "LLAMA_7B, 6738415616", "LLAMA_35B, 34980831232"})
    void shapesHaveAsManyParametersAsWasPublished(ModelShape shape, long parameters) throws IOException {
        assertThat(DecoderWeights.parameters(shape.read())).isEqualTo(parameters);
    }

    @ParameterizedTest
    @EnumSource(ModelShape.class)
    void everyShapeIsPlannedOnOneDevice(ModelShape shape) throws IOException {
        JsonNode plan = plan("--shape", word(shape));
        long device = plan.get("device_bytes").asLong();
        assertThat(plan.get("weight_bytes").asLong())
                .isCloseTo(2 * plan.get("parameters").asLong(), within(10_000_000L));
        plan.get("peak_bytes").forEach(peak -> assertThat(peak.asLong()).isBetween(1L, device));
        assertThat(StreamSupport.stream(plan.get("stages").spliterator(), false)
                        .map(stage -> stage.get("stage").asText()))
                .containsExactly("covariance", "eigenbasis", "lambda", "queries", "scores");
        for (JsonNode stage : plan.get("stages")) {
            JsonNode all = stage.get("all");
            double computing = all.get("operations").asDouble() / 790e12;
            double moving = all.get("bytes").asDouble() / 4.3e12;
            assertThat(all.get("floor_seconds").asDouble()).isEqualTo(Math.max(computing, moving));
            assertThat(all.get("bound_by").asText()).isEqualTo(computing >= moving ? "operations" : "bytes");
            assertThat(all.get("as_typed_seconds").asDouble()).isGreaterThanOrEqualTo(Math.max(computing, moving));
        }
        JsonNode scores = plan.get("stages").get(4);
        assertThat(scores.get("hours").asDouble())
                .isCloseTo(scores.at("/all/floor_seconds").asDouble() * 5e6 / 3600, within(1e-9));
        assertThat(plan.get("score_bytes").asLong()).isEqualTo(5_000_000L * 100 * 4);
    }

    /// The page shows what the verb prints.
    @ParameterizedTest
    @EnumSource(ModelShape.class)
    void thePageHasThePlanOfEveryShape(ModelShape shape) throws IOException {
        assertThat(Files.readString(Path.of("../docs/performance/gpu/plan.md")))
                .contains(Commands.succeed("plan", "--shape", word(shape)));
    }

    /// Per token the forward pass needs 2 operations for each parameter of the maps and the head, and attention.
    @Test
    void forwardOperationsOfTheSmallestShapeAreThoseOfItsMaps() throws IOException {
        JsonNode forward = plan("--shape", "llama-1b").at("/stages/4/parts/forward/operations");
        double maps = 2.0 * (1_235_814_400L - 2048 * 33L);
        double attention = 16.0 * 4 * 256 * 2048;
        assertThat(forward.asDouble()).isEqualTo(511 * (maps + attention));
    }

    @Test
    void aSmallerDeviceMeansMorePasses() throws IOException {
        int large = passes(plan("--shape", "llama-1b"));
        int small = passes(plan("--shape", "llama-1b", "--device-memory", "16G"));
        assertThat(large).isEqualTo(1);
        assertThat(small).isGreaterThan(1);
        assertThat(Commands.succeed("plan", "--shape", "llama-1b", "--device-memory", "16G"))
                .contains("covariance takes " + small + " passes over the documents");
    }

    /// 500 queries take five times the block of 100, and it crosses the bus once a batch.
    @Test
    void aQueryBlockThatDoesNotFitWaitsInTheHostsMemory() throws IOException {
        String[] arguments = {"--shape", "llama-35b", "--queries", "500", "--host-memory", "300G"};
        JsonNode plan = plan(arguments);
        long block = plan.get("offloaded_bytes").asLong();
        assertThat(block).isEqualTo(500L * 32 * 4 * 40 * 3 * (8192 + 22_528));
        JsonNode scores = plan.get("stages").get(4);
        int batch = plan.get("batch_rows").asInt() / 511;
        assertThat(scores.get("bus_seconds").asDouble()).isCloseTo((double) block / batch / 50e9, within(1e-9));
        assertThat(scores.get("hours").asDouble())
                .isCloseTo(
                        Math.max(
                                        scores.at("/all/floor_seconds").asDouble(),
                                        scores.get("bus_seconds").asDouble())
                                * 5e6
                                / 3600,
                        within(1e-9));
        assertThat(plan.get("query_blocks")).hasSize(1);
        String text = Commands.succeed("plan", "--shape", "llama-35b", "--queries", "500", "--host-memory", "300G");
        assertThat(text)
                .contains("The query block waits in the host's memory")
                .contains("query block, in the host's memory")
                .contains("With the queries in ");
        assertThat(plan("--shape", "llama-35b", "--queries", "500", "--host-memory", "8G")
                        .get("offloaded_bytes")
                        .asLong())
                .isZero();
    }

    @Test
    void weightsThatDoNotFitAreSaidToNeedMoreDevices() throws IOException {
        String[] arguments = {"--shape", "llama-35b", "--device-memory", "40G"};
        assertThat(Commands.succeed("plan", arguments[0], arguments[1], arguments[2], arguments[3]))
                .contains("At least 2 such devices are needed");
        JsonNode plan = plan(arguments);
        assertThat(plan.get("devices_for_weights").asInt()).isEqualTo(2);
        assertThat(plan.has("stages")).isFalse();
    }

    @Test
    void tablesSayWhatThereIsAndThatItIsArithmetic() {
        String text =
                Commands.succeed("plan", "--model", GoldenCase.load("llama").model(), "--tokens", "16");
        assertThat(text)
                .startsWith("llama, ")
                .contains("covariances", "eigenvectors", "query block", "contractions", "tokens/s", "hours")
                .contains("arithmetic, not measurements");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--queries|0|--queries: expected at least 1, got 0",
                "--tokens|1|--tokens: expected at least 2, got 1",
                "--bandwidth|fast|expected a rate such as 790T or 4.3T, got 'fast'",
                "--model|elsewhere|--config, --model, --shape: expected one of the three, got several",
            })
    void badArgumentsAreNamed(String option, String value, String message) {
        Commands.Answer refused = Commands.run("plan", "--shape", "llama-1b", option, value);
        assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(refused.err()).hasLineCount(1).contains(message);
    }

    private static String word(ModelShape shape) {
        return shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int passes(JsonNode plan) {
        return plan.at("/stages/0/passes").asInt();
    }

    private static JsonNode plan(String... options) throws IOException {
        Object[] arguments = new Object[options.length + 3];
        arguments[0] = "plan";
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[options.length + 1] = "--format";
        arguments[options.length + 2] = "json";
        return JSON.readTree(Commands.succeed(arguments));
    }
}
