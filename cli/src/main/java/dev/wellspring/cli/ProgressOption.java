package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.progress.ProgressMode;
import picocli.CommandLine.Option;

/// Mixin: whether and how progress is shown.
final class ProgressOption {
    @Option(
            names = "--progress",
            paramLabel = "HOW",
            defaultValue = "auto",
            description = "auto (a bar on a terminal, else a line every ten seconds), plain or off. "
                    + "Default: ${DEFAULT-VALUE}.")
    ProgressMode mode = ProgressMode.AUTO;

    /// What shows it; for verbs that Ctrl-C may end at once.
    ProgressDisplay open(Terminal terminal) {
        return new ProgressDisplay(terminal.err(), mode, terminal.errIsTerminal(), terminal.width(), System::nanoTime);
    }
}
