package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.Progress;

/// What a verb that runs for long holds while it does: `try (var scope = wellspring.open(options)) { … }`.
/// Ctrl-C asks the run to stop; at the end the metrics are told and written.
final class RunScope implements AutoCloseable {
    private final RunOptions options;
    private final ProgressDisplay display;
    private final Metrics metrics = Metrics.inMemory();
    private final Cancellation cancellation = new Cancellation();
    private final Interrupts interrupts;

    /// @param command the command line that was given, which also continues the run
    RunScope(RunOptions options, Terminal terminal, String command) {
        this.options = options;
        this.display = new ProgressDisplay(
                terminal.err(), options.progress, terminal.errIsTerminal(), terminal.width(), System::nanoTime);
        this.interrupts = new Interrupts(cancellation, display::note, command);
    }

    Progress progress() {
        return display;
    }

    Metrics metrics() {
        return metrics;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public void close() {
        interrupts.close();
        display.close();
        metrics.summary().forEach(display::note);
        if (options.metrics != null) {
            metrics.writeJson(options.metrics);
        }
    }
}
