package dev.wellspring.cli;

import dev.wellspring.run.Cancellation;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Turns Ctrl-C and a polite kill into a request to stop: the first asks, the second ends the process at once.
final class Interrupts implements AutoCloseable {
    private final Cancellation cancellation;
    private final Consumer<String> say;
    private final String command;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Signals signals;

    /// Hears signals from now on.
    ///
    /// @param say takes a line for people
    /// @param command the command line that continues the run
    Interrupts(Cancellation cancellation, Consumer<String> say, String command) {
        this.cancellation = cancellation;
        this.say = say;
        this.command = command;
        this.signals = Signals.listen(status -> {
            if (!ask()) {
                Runtime.getRuntime().halt(status);
            }
        });
    }

    /// Whether this was the first request; a later one means "at once".
    boolean ask() {
        if (!asked.compareAndSet(false, true)) {
            return false;
        }
        say.accept("Stopping after the current shard; once more ends at once. To continue later: " + command);
        cancellation.request();
        return true;
    }

    @Override
    public void close() {
        signals.close();
    }
}
