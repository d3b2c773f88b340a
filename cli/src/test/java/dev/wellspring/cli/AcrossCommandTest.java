package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `wellspring across`, and the same in a report, of runs whose near-duplicates are known.
class AcrossCommandTest {
    /// Of three queries: which documents stand where is written below.
    private static final double[][] SCORES = {
        {9, 1, 0.1}, // d0, of the first group
        {8, 0.5, 0.2}, // d1, of the first group
        {1, 9, 0.3}, // d2, of the first group
        {0.1, 8, 0.4}, // d3, of the second group
        {0.2, 0.1, 0.5}, // d4, of the second group
        {0.3, 0.2, 0.6}, // d5, alike in its first half only
        {-9, -9, 9}, // d6, of none
        {-8, -8, 8}, // d7, of none
        {-1, -1, -9}, // d8, of the third group
        {-2, -2, -8} // d9, of the third group
    };

    private static final List<String> TEXTS = List.of(
            text("a", 20, "end"),
            text("a", 20, "finish"),
            text("a", 20, "end") + " and one word more",
            text("b", 20, "end"),
            text("b", 20, "finish"),
            text("a", 10, "but") + text("c", 10, "end"),
            text("d", 20, "end"),
            text("e", 20, "end"),
            text("f", 20, "END."),
            text("f", 20, "-- end"));

    @TempDir
    private Path folder;

    /// So many words that no other text has, and a last one.
    private static String text(String name, int words, String last) {
        return IntStream.range(0, words).mapToObj(i -> name + i).collect(Collectors.joining(" ", "", " " + last));
    }

    @Test
    void groupsAreThoseThatWerePlanted() throws IOException {
        HostileRun.write(folder, TEXTS, SCORES);
        assertThat(groups(10)).containsExactly("d0 d1 d2", "d3 d4", "d8 d9");
    }

    @Test
    void aGroupIsOfTheDocumentsAtTheEndsOfRankingsAndOfTheirQueries() throws IOException {
        HostileRun.write(folder, TEXTS, SCORES);
        assertThat(groups(2)).as("d4 stands at no end").containsExactly("d0 d1 d2", "d8 d9");
        JsonNode rows = across(2).path("duplicates");
        assertThat(rows.get(0).path("queries").asText()).isEqualTo("query-0 query-1");
        assertThat(rows.get(3).path("document").asText()).isEqualTo("d8");
        assertThat(rows.get(3).path("queries").asText()).isEqualTo("query-2");
        assertThat(groups(1)).as("d0 and d2 are first of two rankings").containsExactly("d0 d2");
    }

    @Test
    void aReportHasTheSameGroups() throws IOException {
        HostileRun.write(folder, TEXTS, SCORES);
        JsonNode top = reported(2);
        assertThat(top.at("/found/duplicates").asInt()).isEqualTo(2);
        assertThat(top.at("/duplicates/0/count").asInt()).isEqualTo(3);
        assertThat(top.at("/duplicates/0/document").asText()).isEqualTo("d0");
        assertThat(top.at("/duplicates/0/queries").toString()).isEqualTo("[0,1]");
        assertThat(top.at("/duplicates/1/count").asInt()).isEqualTo(2);
        assertThat(reported(10).at("/found/duplicates").asInt()).isEqualTo(3);
    }

    @Test
    void aReportListsTheFirstGroupsAndSaysHowManyThereAre() throws IOException {
        List<String> texts = new ArrayList<>();
        for (int group = 0; group < 60; group++) {
            texts.add(text("group" + group + "word", 20, "end"));
            texts.add(text("group" + group + "word", 20, "finish"));
        }
        texts.add(text("group7word", 20, "close")); // the largest is the first
        double[][] scores = IntStream.range(0, texts.size())
                .mapToObj(d -> new double[] {d, -d})
                .toArray(double[][]::new);
        HostileRun.write(folder, texts, scores);
        JsonNode top = reported(texts.size());
        assertThat(top.at("/found/duplicates").asInt()).isEqualTo(60);
        assertThat(top.path("duplicates")).hasSize(50);
        assertThat(top.at("/duplicates/0/count").asInt()).isEqualTo(3);
        assertThat(top.at("/duplicates/0/document").asText()).isEqualTo("d14");
        assertThat(groups(texts.size())).hasSize(60).startsWith("d14 d15 d120", "d0 d1", "d2 d3");
        assertThat(Commands.succeed("across", folder, "-k", texts.size()))
                .contains("60 groups of documents have nearly the same beginning of the text:", "and 50 more");
    }

    /// The documents of each group.
    private List<String> groups(int k) throws IOException {
        List<String> groups = new ArrayList<>();
        for (JsonNode row : across(k).path("duplicates")) {
            String document = row.path("document").asText();
            int group = row.path("group").asInt();
            if (group > groups.size()) {
                groups.add(document);
            } else {
                groups.set(group - 1, groups.get(group - 1) + " " + document);
            }
        }
        return groups;
    }

    private JsonNode across(int k) throws IOException {
        return new ObjectMapper().readTree(Commands.succeed("across", folder, "-k", k, "--format", "json"));
    }

    private JsonNode reported(int k) {
        Path file = folder.resolve("report.html");
        Commands.succeed("report", folder, "-k", k, "--out", file);
        return ReportPages.read(file).json("report").at("/analyses/top");
    }
}
