package dev.wellspring.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Mixin: on how many threads.
final class ThreadsOption {
    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute. Default: one per core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// At least 1.
    int count() {
        if (threads < 1) {
            throw new ParameterException(
                    command.commandLine(), "Invalid value for option '--threads': expected at least 1, got " + threads);
        }
        return threads;
    }
}
