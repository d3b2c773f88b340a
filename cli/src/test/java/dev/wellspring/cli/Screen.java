package dev.wellspring.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A terminal whose words a test can read.
final class Screen {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /// Neither stream is a terminal, and the environment is empty.
    Terminal piped() {
        return terminal(false, Map.of());
    }

    Terminal terminal(boolean isTerminal, Map<String, String> environment) {
        return terminal(isTerminal, 80, environment);
    }

    /// One of so many columns, without colours.
    Terminal wide(int columns) {
        return terminal(true, columns, Map.of("NO_COLOR", "1"));
    }

    private Terminal terminal(boolean isTerminal, int columns, Map<String, String> environment) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isTerminal,
                isTerminal,
                columns,
                environment);
    }

    /// Forgets what was printed so far.
    void clear() {
        out.reset();
        err.reset();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
