package dev.wellspring.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTableTest {
    private static final String RATES = """
            {"backend": "plain loops", "rows": 64, "gemm": {"bfloat16": 1e9, "float64": 5e8}, "copy": 2e12}""";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeCase() throws IOException {
        RandomCase.write(ModelShape.TOY, 100, 50, 4, folder);
    }

    @Test
    void tokensASecondAreThoseOfTheStagesClock() throws IOException {
        String fit = history("coverage", 0, 1) + history("covariance", 1, 3);
        assertThat(table(fit, "")).contains("| coverage | 1.00 |  |  |  |  |", "| covariance | 2.00 | 2,500 | ");
    }

    @Test
    void theShareIsWhatTheOperationsTakeAtTheRateOfTheProduct() throws IOException {
        long operations = new StageTable(folder, rates(), TimedRun.read(), 3, "bfloat16")
                .operations()
                .covariance();
        double seconds = operations / 1e9 * 4; // a quarter of the rate
        String table = table(history("covariance", 0, seconds), "");
        assertThat(table.lines().filter(line -> line.startsWith("| covariance |")))
                .singleElement()
                .asString()
                .endsWith("| 25 % |");
    }

    @Test
    void aStageThatWasCutWasNotReachedNorWereItsSums() throws IOException {
        String fit = history("coverage", 0, 1) + history("covariance", 1, 3)
                + "{\"time\": \"2026-01-01T00:00:03Z\", \"stage\": \"eigenbasis\", \"event\": \"begins\", \"backend\": \"b\"}\n";
        assertThat(table(fit, ""))
                .contains("| eigenbasis | not reached |", "| fit | not reached |", "| score | not reached |");
    }

    @Test
    void filesKeepWhatWasReached() throws IOException {
        table(history("coverage", 0, 1), history("queries", 4, 4.5));
        List<String> csv = Files.readAllLines(folder.resolve("stages.csv"));
        assertThat(csv).hasSize(10).contains("toy,100,50,4,3,bfloat16,coverage,1.000,,0,0.0000");
        JsonNode result =
                new ObjectMapper().readTree(folder.resolve("results.jsonl").toFile());
        assertThat(result.get("stages").findValuesAsText("name")).containsExactly("coverage", "queries");
    }

    private String table(String fit, String score) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("fit")).resolve("history.jsonl"), fit);
        Files.writeString(Files.createDirectories(folder.resolve("score")).resolve("history.jsonl"), score);
        TimedRun run = TimedRun.read(folder.resolve("fit"), folder.resolve("score"));
        var table = new StageTable(folder, rates(), run, 3, "bfloat16");
        table.append(folder.resolve("stages.csv"), folder.resolve("results.jsonl"));
        var out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode rates() throws IOException {
        return new ObjectMapper().readTree(RATES);
    }

    private static String history(String stage, double from, double to) {
        return event(stage, "begins", from) + event(stage, "ends", to);
    }

    private static String event(String stage, String what, double second) {
        return String.format(
                "{\"time\": \"2026-01-01T00:00:%06.3fZ\", \"stage\": \"%s\", \"event\": \"%s\", \"backend\": \"b\"}%n",
                second, stage, what);
    }
}
