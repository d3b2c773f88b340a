package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.task.QueryFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueriesCommandTest {
    private final Screen screen = new Screen();

    @TempDir
    private Path folder;

    @Test
    void listNamesEveryFamilyWithItsCounts() {
        assertThat(run("list")).isZero();
        for (QueryFamily family : Families.all()) {
            assertThat(screen.out())
                    .containsPattern("(?m)^" + family.name() + " +"
                            + family.kind().text() + " +" + family.describe().count() + "  [0-9]");
        }
        assertThat(screen.out()).containsPattern("lso-addition +reasoning +10000  9559 train, 441 test");
        assertThat(screen.out()).containsPattern("form-and-function .* 18 each of 22 kinds");
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void listIsJsonForPipes() throws IOException {
        assertThat(run("list", "--format", "json")).isZero();
        JsonNode families = new ObjectMapper().readTree(screen.out());
        assertThat(families).hasSameSizeAs(Families.all());
        assertThat(families.get(0).path("counts").path("facts").asInt()).isEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("families")
    void describePrintsTwoQueries(String name) throws IOException {
        assertThat(run("describe", name)).isZero();
        assertThat(screen.out()).startsWith(name + ": ").contains("Parameters:");
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(screen.out().lines().filter(line -> line.startsWith("  completion ")))
                .hasSize(2);
        var json = new Screen();
        assertThat(Wellspring.run(json.piped(), "queries", "describe", name, "--format", "json"))
                .isZero();
        assertThat(new ObjectMapper().readTree(json.out()).path("examples")).hasSize(2);
    }

    @Test
    void helpShowsOneQueryOfEachFamilyWithinTheTerminal() {
        assertThat(run("--help")).isZero();
        assertThat(screen.out())
                .contains("Examples:")
                .containsPattern("  lso-addition +0\\+0=\n +-> 0\n")
                .containsPattern("  factual +What is the capital of Belgium\\?\n +-> The capital of Belgium is Bru");
        families().forEach(name -> assertThat(screen.out()).containsPattern("\n  " + name + " +\\S"));
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "describe", "make", "import", "check", "grade"})
    void helpOfEveryVerbKeepsToTheTerminal(String verb) {
        assertThat(run(verb, "--help")).isZero();
        assertThat(screen.out()).contains("--format=FORMAT", "Examples:");
        assertThat(screen.out().lines()).allMatch(line -> line.length() <= 80 && !line.matches("[a-z]+/.*"));
    }

    @Test
    void everyVerbSpeaksJson() throws IOException {
        Path set = folder.resolve("set");
        assertThat(run("make", "factual", "--param", "facts=2", "--out", set.toString(), "--format", "json"))
                .isZero();
        assertThat(json().path("counts").path("total").asInt()).isEqualTo(4);
        Path answers = Files.writeString(
                folder.resolve("answers.jsonl"), "{\"id\": \"factual-01\", \"answer\": \"Brussel\"}\n");
        assertThat(run("grade", answers.toString(), "--queries", set.toString(), "--format", "json"))
                .isZero();
        assertThat(json().get(0).path("verdict").asText()).isEqualTo("right");
        assertThat(run("check", set.toString(), "--format", "json")).isZero();
        assertThat(json().path("queries").asInt()).isEqualTo(4);
        assertThat(run("import", set.resolve("queries.jsonl").toString(), "--out", folder + "/own", "--format", "json"))
                .isZero();
        assertThat(json().path("name").asText()).isEqualTo("own");
    }

    @Test
    void aSetIsMadeCheckedAndGraded() throws IOException {
        String set = folder.resolve("set").toString();
        assertThat(run("make", "slope", "--seed", "5", "--param", "generated=3", "--out", set))
                .isZero();
        assertThat(screen.out()).contains("total=33").contains("sha256:");
        assertThat(run("check", set)).isZero();
        assertThat(screen.out()).contains("33 queries, 0 problems");
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), """
                {"id": "slope-published-01", "answer": "The slope is -43."}
                {"id": "slope-published-02", "answer": "The slope is 73."}
                {"id": "slope-published-03", "answer": "No idea."}
                """);
        assertThat(run("grade", answers.toString(), "--queries", set)).isZero();
        assertThat(screen.out())
                .contains("slope-published-02: wrong: expected 74, found 73")
                .contains("slope: 1 of 3 right, 1 unreadable");
    }

    @Test
    void queriesOfOnesOwnBecomeASet() throws IOException {
        Path own = Files.writeString(folder.resolve("own.csv"), """
                id,prompt,completion
                a,Who?,Me
                b,,You
                """);
        Path set = folder.resolve("set");
        assertThat(run("import", own.toString(), "--kind", "factual", "--out", set.toString()))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).hasLineCount(1).startsWith("own.csv:3:prompt: expected a text, found an empty text");
        assertThat(screen.out()).contains("total=1");
        assertThat(run("check", set.toString(), "--format", "json")).isZero();
    }

    @Test
    void anUnknownFamilyIsOneLine() {
        assertThat(run("make", "riddles", "--out", folder.toString())).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err())
                .hasLineCount(1)
                .contains("family: expected one of factual,")
                .contains("riddles");
    }

    @Test
    void withoutAVerbTheVerbsAreNamed() {
        assertThat(run()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).contains("expected list, describe, make, import, check or grade");
    }

    static Stream<String> families() {
        return Families.all().stream().map(QueryFamily::name);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(screen.out());
    }

    private int run(String... arguments) {
        screen.clear();
        return Wellspring.run(
                screen.piped(),
                Stream.concat(Stream.of("queries"), Stream.of(arguments)).toArray(String[]::new));
    }
}
