package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.Progress;
import dev.wellspring.run.TimedOperations;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a verb that runs for long holds while it does: `try (var scope = wellspring.open(options)) { … }`.
/// Ctrl-C asks the run to stop; at the end the metrics are told and written.
final class RunScope implements AutoCloseable {
    private final @Nullable Path metricsFile;
    private final ProgressDisplay display;
    private final Metrics metrics = Metrics.inMemory();
    private final Cancellation cancellation = new Cancellation();
    private final Interrupts interrupts;

    /// @param metricsFile where the metrics go at the end, if anywhere
    /// @param command the command line that was given, which also continues the run
    RunScope(ProgressOption progress, @Nullable Path metricsFile, Terminal terminal, String command) {
        this.metricsFile = metricsFile;
        this.display = new ProgressDisplay(
                terminal.err(), progress.mode, terminal.errIsTerminal(), terminal.width(), System::nanoTime);
        this.interrupts = new Interrupts(cancellation, display::note, command);
    }

    Progress progress() {
        return display;
    }

    Metrics metrics() {
        return metrics;
    }

    /// A backend whose operations are timed, if anyone wants to read that.
    LinearAlgebra timed(LinearAlgebra algebra) {
        return metricsFile == null ? algebra : TimedOperations.of(algebra, metrics);
    }

    Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public void close() {
        interrupts.close();
        display.close();
        metrics.summary().forEach(display::note);
        if (metricsFile != null) {
            metrics.writeJson(metricsFile);
        }
    }
}
