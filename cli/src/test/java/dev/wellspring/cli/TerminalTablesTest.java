package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What verbs that show findings print on terminals and into pipes.
class TerminalTablesTest {
    private static final List<Integer> WIDTHS = List.of(80, 100, 140);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"top", "correlate", "sources", "coverage", "across", "baselines", "compare"})
    void tablesFitTheTerminalAndAreWholeInAPipe(String verb) throws IOException {
        HostileRun.write(folder, 30, 1200);
        Object[] command = command(verb);
        String piped = Commands.succeed(command);
        assertThat(piped).doesNotContain("…", "Left out");
        for (int width : WIDTHS) {
            assertThat(Commands.onTerminal(width, command))
                    .as("%s columns", width)
                    .hasSizeGreaterThan(3)
                    .allMatch(line -> line.length() <= width);
        }
        assertThat(String.join("\n", Commands.onTerminal(400, command)))
                .as("a terminal that is wide enough")
                .isEqualToIgnoringWhitespace(piped);
    }

    @ParameterizedTest
    @ValueSource(strings = {"top", "correlate", "sources", "coverage", "across", "baselines", "compare"})
    void hostileTextsMoveNoCursorAndFit(String verb) throws IOException {
        HostileRun.write(folder);
        assertThat(Commands.onTerminal(100, command(verb)))
                .allMatch(line -> line.length() <= 100)
                .noneMatch(line -> line.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x202E));
    }

    @Test
    void whatIsLeftOutIsSaid() throws IOException {
        HostileRun.write(folder, 30, 1200);
        List<String> narrow = Commands.onTerminal(80, "coverage", folder);
        assertThat(String.join(" ", narrow))
                .contains("Left out, as the terminal is narrow: ", "first 1 %", "R²", "--format json has all columns");
        assertThat(narrow)
                .filteredOn(line -> line.contains("queries of"))
                .hasSize(2)
                .allMatch(line -> line.contains("total per nat") && !line.contains("R²"));
        assertThat(Commands.succeed("coverage", folder)).contains("R²");
    }

    @Test
    void topOfASearchSaysHowManyDocumentsWereScoredAndKept() throws IOException {
        HostileRun.write(folder, 3, 10);
        Manifest manifest = Manifest.of("scores", "made-up", Map.of("store", "00"), Map.of("keep", "4"))
                .completed()
                .with("documents", 1_234_567);
        new ObjectMapper().writeValue(folder.resolve(Manifest.FILE).toFile(), manifest);
        assertThat(Commands.succeed("top", folder, "-k", 2))
                .contains(
                        "query-0 (factual, factual-0): the most positive of 1,234,567 documents, of which 10 were kept\n");
        JsonNode found = new ObjectMapper().readTree(Commands.succeed("top", folder, "-k", 2, "--format", "json"));
        assertThat(found.at("/0/scored").asInt()).isEqualTo(1_234_567);
        assertThat(found.at("/0/kept").asInt()).isEqualTo(10);
        assertThat(found.at("/0").has("not_ranked"))
                .as("known of the kept ones only")
                .isFalse();
        assertThat(found.at("/0/documents/0").has("raw_rank")).isFalse();
    }

    private Object[] command(String verb) {
        List<Object> command = new ArrayList<>(List.of(verb, folder));
        switch (verb) {
            case "compare" -> command.addAll(List.of(folder, "--moved", 3));
            case "top" -> command.addAll(List.of("-k", 3));
            default -> {}
        }
        return command.toArray();
    }
}
