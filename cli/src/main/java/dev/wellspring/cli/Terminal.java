package dev.wellspring.cli;

import dev.wellspring.cli.report.FindingsView;
import java.io.PrintStream;
import java.util.Map;

/// Where a command's words go. Data belongs on `out`, everything else on `err`, so that verbs pipe.
///
/// @param outIsTerminal whether people read `out` directly
/// @param errIsTerminal whether people read `err` directly
/// @param width columns of the terminal
/// @param environment the process' environment variables
public record Terminal(
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        int width,
        Map<String, String> environment) {
    private static final int USUAL_WIDTH = 80;

    /// The process' own streams. The launcher script has looked whether they are terminals; without it, they
    /// are not.
    static Terminal ofProcess() {
        return new Terminal(
                System.out,
                System.err,
                Boolean.getBoolean("wellspring.out.terminal"),
                Boolean.getBoolean("wellspring.err.terminal"),
                Math.max(Integer.getInteger("wellspring.columns", USUAL_WIDTH), 40),
                System.getenv());
    }

    /// How wide a table on `out` may be: nothing is cut for a pipe or a file.
    int tableWidth() {
        return outIsTerminal ? width : FindingsView.UNLIMITED;
    }

    /// The same with data going elsewhere.
    Terminal withOut(PrintStream elsewhere) {
        return new Terminal(elsewhere, err, false, errIsTerminal, width, environment);
    }

    /// Whether to colour `out`: on a terminal that can, unless NO_COLOR asks not to.
    boolean colours() {
        return outIsTerminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    /// Whether to print stack traces without being asked on the command line.
    boolean debug() {
        return !environment.getOrDefault("WELLSPRING_DEBUG", "").isEmpty();
    }
}
