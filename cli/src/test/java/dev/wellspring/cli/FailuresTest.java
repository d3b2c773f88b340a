package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.CancelledException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final Screen screen = new Screen();

    @Test
    void badInputIsOneLineAndStatusTwo() {
        assertThat(status(new BadInputException("--rank: expected 1 or more, got 0")))
                .isEqualTo(2);
        assertThat(screen.err().lines()).containsExactly("wellspring probe: --rank: expected 1 or more, got 0");
    }

    @Test
    void missingFileIsBadInputAlsoWhenWrapped() {
        assertThat(status(new UncheckedIOException(new NoSuchFileException("d.jsonl"))))
                .isEqualTo(2);
        assertThat(status(new AccessDeniedException("secret"))).isEqualTo(2);
        assertThat(screen.err().lines())
                .containsExactly(
                        "wellspring probe: d.jsonl: no such file or folder",
                        "wellspring probe: secret: permission denied");
    }

    @Test
    void failedRunIsOneLineStatusOneAndKeepsTheTrace() throws IOException {
        assertThat(status(new IllegalStateException("disk full\n  while writing shard 3")))
                .isEqualTo(1);
        Matcher line = Pattern.compile("wellspring probe: disk full while writing shard 3 \\(details: (.*)\\)\\R")
                .matcher(screen.err());
        assertThat(line.matches()).as(screen.err()).isTrue();
        Path log = Path.of(line.group(1));
        assertThat(Files.readString(log))
                .startsWith("wellspring probe --model m")
                .contains("IllegalStateException: disk full", "at dev.wellspring.cli");
        Files.delete(log);
    }

    @Test
    void failureWithoutAMessageIsNamed() throws IOException {
        assertThat(status(new ArithmeticException())).isEqualTo(1);
        assertThat(screen.err()).startsWith("wellspring probe: ArithmeticException (details: ");
        Files.delete(Path.of(screen.err().replaceAll("(?s).*details: (.*)\\).*", "$1")));
    }

    @Test
    void stoppedRunSaysHowToContinue() {
        assertThat(status(new CancelledException("stopped on request after 3 of 9 shards")))
                .isEqualTo(1);
        assertThat(screen.err().lines())
                .containsExactly(
                        "wellspring probe: stopped on request after 3 of 9 shards; the same command continues it");
    }

    @Test
    void traceIsShownOnRequest() {
        var verbose = new ProbeCommand(() -> {
            throw new BadInputException("no");
        });
        assertThat(verbose.execute(screen.piped(), "--verbose")).isEqualTo(2);
        assertThat(screen.err()).startsWith("wellspring probe: no").contains("at dev.wellspring.cli.FailuresTest");
    }

    @Test
    void traceIsShownWhenTheEnvironmentAsks() {
        var terminal = screen.terminal(false, Map.of("WELLSPRING_DEBUG", "1"));
        var failing = new ProbeCommand(() -> {
            throw new BadInputException("no");
        });
        assertThat(failing.execute(terminal)).isEqualTo(2);
        assertThat(screen.err()).contains("at dev.wellspring.cli.FailuresTest");
    }

    private int status(Exception failure) {
        return new ProbeCommand(() -> {
                    throw failure;
                })
                .execute(screen.piped());
    }
}
