package dev.wellspring.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "backends",
        header = "List what can compute here, and which one --backend auto takes.",
        description = {
            "",
            "One line per backend: its name, whether it works on this machine, and what it is or what it lacks."
        },
        footer = {"  wellspring backends", "  wellspring backends --dtype float64"})
final class BackendsCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Override
    public Integer call() {
        wellspring.terminal().out().println("x");
        return ExitStatus.DONE;
    }
}
