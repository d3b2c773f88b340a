package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// A verb that takes every shared option and then does what a test asks.
@Command(name = "probe")
final class ProbeCommand implements Callable<Integer> {
    @Mixin
    ModelOption model;

    @Mixin
    ComputeOptions compute;

    @Mixin
    RunOptions run;

    private final Callable<@Nullable Void> body;

    ProbeCommand(Callable<@Nullable Void> body) {
        this.body = body;
    }

    @Override
    public Integer call() throws Exception {
        int threads = compute.threads();
        assertThat(threads).isPositive();
        body.call();
        return ExitStatus.DONE;
    }

    /// Wellspring with this verb.
    CommandLine line(Terminal terminal, String... arguments) {
        var wellspring = new Wellspring(terminal, List.of(arguments));
        return wellspring.configured(new CommandLine(wellspring).addSubcommand(this));
    }

    /// Runs `wellspring probe …` and returns the exit status.
    int execute(Terminal terminal, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "probe";
        arguments[1] = "--model";
        arguments[2] = "m";
        System.arraycopy(options, 0, arguments, 3, options.length);
        return line(terminal, arguments).execute(arguments);
    }
}
