package dev.wellspring.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WellspringTest {
    private final Screen screen = new Screen();

    @Test
    void helpGoesToStandardOutputAndNamesTheExitStatus() {
        assertThat(Wellspring.run(screen.piped(), "--help")).isZero();
        assertThat(screen.out()).startsWith("Which pretraining documents").contains("bad arguments or bad input");
        assertThat(screen.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbTeachesItself(String verb) {
        assertThat(Wellspring.run(screen.piped(), verb, "--help")).isZero();
        var root = new Wellspring(screen.piped(), List.of()).commandLine();
        var usage =
                requireNonNull(root.getSubcommands().get(verb)).getCommandSpec().usageMessage();
        assertThat(usage.header())
                .isNotEmpty()
                .isNotEqualTo(root.getCommandSpec().usageMessage().header());
        assertThat(usage.description())
                .isNotEmpty()
                .isNotEqualTo(root.getCommandSpec().usageMessage().description());
        assertThat(usage.footer())
                .as("examples")
                .isNotEmpty()
                .isNotEqualTo(root.getCommandSpec().usageMessage().footer());
        assertThat(screen.out()).contains("Examples:").contains("wellspring " + verb);
    }

    @Test
    void versionComesFromTheBuild() {
        assertThat(Wellspring.run(screen.piped(), "--version")).isZero();
        assertThat(screen.out()).matches("wellspring \\d+\\.\\d+\\.\\d+\\S* \\(Java 25.*\\)\\R");
    }

    @Test
    void unknownVerbIsOneLineWithAGuess() {
        assertThat(Wellspring.run(screen.piped(), "querys")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err())
                .isEqualTo("wellspring: Unmatched argument at index 0: 'querys'; did you mean queries?"
                        + " (wellspring --help tells more)" + System.lineSeparator());
        assertThat(screen.out()).isEmpty();
    }

    @Test
    void noVerbIsBadInput() {
        assertThat(Wellspring.run(screen.piped())).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(screen.err()).startsWith("wellspring: expected a command");
    }

    @Test
    void coloursNeedATerminalAndNoColorForbidsThem() {
        Wellspring.run(screen.terminal(true, Map.of()), "--help");
        assertThat(screen.out()).contains("\u001b[");
        var plain = new Screen();
        Wellspring.run(plain.terminal(true, Map.of("NO_COLOR", "1")), "--help");
        assertThat(plain.out()).doesNotContain("\u001b[");
        var piped = new Screen();
        Wellspring.run(piped.piped(), "--help");
        assertThat(piped.out()).doesNotContain("\u001b[");
    }

    @Test
    void commandTextCanBeTypedAgain() {
        var wellspring =
                new Wellspring(screen.piped(), List.of("score", "--documents", "my file.jsonl", "it's", "a=b/c.d"));
        assertThat(wellspring.commandText())
                .isEqualTo("wellspring score --documents 'my file.jsonl' 'it'\\''s' a=b/c.d");
    }

    static List<String> verbs() {
        return new Wellspring(new Screen().piped(), List.of())
                .commandLine().getSubcommands().keySet().stream()
                        .filter(verb -> !verb.equals("help"))
                        .toList();
    }
}
