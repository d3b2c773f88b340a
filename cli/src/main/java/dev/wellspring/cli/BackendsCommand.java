package dev.wellspring.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "backends", header = "List what can compute here, and which one --backend auto takes.")
final class BackendsCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Override
    public Integer call() {
        wellspring.terminal().out().println("x");
        return ExitStatus.DONE;
    }
}
