package dev.wellspring.cli;

import java.io.PrintStream;
import java.util.List;

/// A command inside a bigger one, run as if it had been typed; only what it says on standard error is seen.
final class Step {
    private Step() {}

    /// A step that has said for itself what went wrong.
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        private FailedException(int status) {
            super("a step failed");
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /// Says what is about to be run.
    static void show(Wellspring wellspring, List<String> arguments) {
        wellspring.terminal().err().println("$ wellspring " + String.join(" ", arguments));
    }

    /// @throws FailedException when it does not end well
    static void run(Wellspring wellspring, List<String> arguments) {
        var silent = new PrintStream(PrintStream.nullOutputStream());
        int status = Wellspring.run(wellspring.terminal().withOut(silent), arguments.toArray(String[]::new));
        if (status != ExitStatus.DONE) {
            throw new FailedException(status);
        }
    }
}
