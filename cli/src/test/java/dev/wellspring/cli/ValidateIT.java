package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `validate` as whole commands, on sums that a model learns in seconds.
class ValidateIT {
    @TempDir
    Path folder;

    private Path sums;
    private Path queries;
    private Path model;

    @BeforeEach
    void train() throws IOException {
        sums = folder.resolve("sums.jsonl");
        queries = folder.resolve("queries.jsonl");
        model = folder.resolve("model");
        var lines = new StringBuilder();
        for (int a = 0; a < 8; a++) {
            for (int b = 0; b < 8; b++) {
                lines.append(
                        ("{\"id\": \"%d-%d\", \"kind\": \"reasoning\", \"family\": \"sums\", \"prompt\": \"%d+%d=\","
                                        + " \"completion\": \"%d\", \"coordinates\": {\"a\": %d, \"b\": %d}}\n")
                                .formatted(a, b, a, b, a + b, a, b));
            }
        }
        Files.writeString(sums, lines.toString());
        Files.write(queries, Files.readAllLines(sums).subList(20, 40));
        Path tokenizer = folder.resolve("tokenizer");
        Commands.succeed(
                "corpus",
                "tokenizer",
                sums,
                "--numbers",
                "whole",
                "--largest",
                15,
                "--vocabulary",
                290,
                "--out",
                tokenizer);
        Commands.succeed(
                "train",
                "--documents",
                sums,
                "--tokenizer",
                tokenizer,
                "--layers",
                1,
                "--width",
                32,
                "--heads",
                2,
                "--initialisation",
                "modules",
                "--steps",
                120,
                "--batch",
                32,
                "--rate",
                0.01,
                "--threads",
                2,
                "--out",
                model);
    }

    @Test
    void sumsOfScoresAreComparedWithLossesOfModelsTrainedOnSubsets() throws IOException {
        Path out = folder.resolve("lds");
        List<String> lines = new ArrayList<>(Files.readAllLines(queries));
        lines.subList(0, 5).replaceAll(line -> line.replace("reasoning", "control"));
        Files.write(queries, lines);
        Object[] lds = validating("lds", out, "--subsets", 6, "--dampings", "0.1x");
        String table = Commands.succeed(lds);
        assertThat(table)
                .contains("over 6 subsets of 50 % of the documents, 20 queries")
                .containsPattern("by kind of query +control +reasoning\n");
        JsonNode json = new ObjectMapper().readTree(out.resolve("lds.json").toFile());
        assertThat(json.path("optimizer").asText()).startsWith("adamw");
        assertThat(json.path("methods").fieldNames())
                .toIterable()
                .contains("ekfac 0.1x", "ekfac 0.1x, own labels", "kfac 0.1x", "diagonal 0.1x", "dot product", "cosine")
                .contains("gradient norm", "bm25", "length", "ekfac of another query");
        assertThat(json.at("/methods/ekfac 0.1x/queries").size()).isEqualTo(20);
        double mean = json.at("/methods/ekfac 0.1x/lds").asDouble();
        double control = json.at("/methods/ekfac 0.1x/kinds/control/lds").asDouble();
        double reasoning = json.at("/methods/ekfac 0.1x/kinds/reasoning/lds").asDouble();
        assertThat(mean).isBetween(-1.0, 1.0).isCloseTo((5 * control + 15 * reasoning) / 20, within(1e-9));
        assertThat(json.at("/methods/bm25/standard_leads_by/kinds/control/mean").asDouble())
                .isCloseTo(control - json.at("/methods/bm25/kinds/control/lds").asDouble(), within(1e-9));
        assertThat(json.at("/methods/ekfac 0.1x/for_these_queries/lds").asDouble())
                .isEqualTo(mean);
        assertThat(models()).hasSize(6);

        Commands.Answer again = Commands.run(lds);
        assertThat(again.out()).isEqualTo(table);
        assertThat(again.err()).doesNotContain("retrain");
    }

    @Test
    void removingTheNeighboursHurtsTheirQueries() throws IOException {
        Path out = folder.resolve("removal");
        Commands.succeed(validating("removal", out, "--chosen", 3, "-k", 4, "--seeds", 2));
        JsonNode removed = new ObjectMapper()
                .readTree(out.resolve("removal.json").toFile())
                .path("removed");
        assertThat(removed.fieldNames())
                .toIterable()
                .containsExactly("nothing", "random", "least influential", "nearest on the grid", "most influential");
        assertThat(removed.at("/nothing/rise").asDouble()).isZero();
        assertThat(removed.at("/random/documents").asInt())
                .isEqualTo(removed.at("/most influential/documents").asInt())
                .isPositive();
        // The queries' own sums are among the documents, so the most influential document is the sum itself.
        assertThat(removed.at("/most influential/rise").asDouble())
                .isGreaterThan(removed.at("/random/rise").asDouble());
        assertThat(models()).hasSize(10);
    }

    @Test
    void theHoleOfASquareIsComparedWithTheOneForetold() throws IOException {
        Path out = folder.resolve("square");
        queries = sums;
        String table = Commands.succeed(validating("square", out, "--centre", "4,4", "--radii", "1,2"));
        JsonNode json = new ObjectMapper().readTree(out.resolve("square.json").toFile());
        assertThat(json.at("/radius/1/cells").size()).isEqualTo(9);
        assertThat(json.at("/radius/2/cells").size()).isEqualTo(25);
        assertThat(json.at("/radius/2/spearman").asDouble()).isBetween(-1.0, 1.0);
        assertThat(json.at("/radius/2/cells/0/ring").asInt()).isEqualTo(1);
        assertThat(json.at("/radius/2/cells/12/ring").asInt()).isEqualTo(3);
        double rise = 0;
        for (JsonNode cell : json.at("/radius/2/cells")) {
            rise += cell.path("rise").asDouble();
        }
        assertThat(rise).as(table).isPositive();
        assertThat(models()).hasSize(3);
        assertThat(json.at("/distance/queries").asInt()).isEqualTo(25);
        Path scores = out.resolve("scores-ekfac");
        JsonNode again = new ObjectMapper()
                .readTree(Commands.succeed("distance", scores, "--format", "json"))
                .path(scores.toString());
        assertThat(again).as("the same curve from the run").isEqualTo(json.path("distance"));
        assertThat(Commands.succeed("distance", scores, scores, "--by", "normalised"))
                .contains("25 queries", "within 3", "same tens");
    }

    @Test
    void otherDocumentsThanTheModelsAreRefused() throws IOException {
        Files.write(sums, List.of(Files.readAllLines(sums).getFirst()));
        Commands.Answer answer = Commands.run(validating("lds", folder.resolve("x"), "--subsets", 3));
        assertThat(answer.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.err()).contains("--documents: expected those that " + model + " was trained on");
    }

    private List<Path> models() throws IOException {
        try (Stream<Path> files = Files.list(model.resolve("bank"))) {
            return files.toList();
        }
    }

    private Object[] validating(String verb, Path out, Object... more) {
        Object[] first = {
            "validate", verb, "--model", model, "--documents", sums, "--queries", queries, "--threads", 2, "--out", out
        };
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
    }
}
