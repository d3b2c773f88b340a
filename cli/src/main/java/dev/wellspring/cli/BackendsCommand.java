package dev.wellspring.cli;

import dev.wellspring.linalg.Backends;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `wellspring backends`: what can compute here, and what was chosen.
@Command(
        name = "backends",
        header = "List what can compute here, and which one --backend auto takes.",
        description = {
            "",
            "One line per backend: its name, whether it works on this machine, what whole models can be computed in, and"
                    + " what it is or what it lacks. Then the one that is chosen, and why.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring backends", "  wellspring backends --dtype float64"})
final class BackendsCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Override
    public Integer call() {
        PrintStream out = wellspring.terminal().out();
        String row = "%-10s  %-9s  %-26s  %s%n";
        out.printf(Locale.ROOT, row, "name", "available", "computes in", "what it is");
        for (Backends.Availability backend : Backends.list()) {
            String types = backend.types().stream().map(BackendsCommand::word).collect(Collectors.joining(", "));
            out.printf(Locale.ROOT, row, backend.name(), backend.available() ? "yes" : "no", types, backend.reason());
        }
        try (var pool = new WorkerPool(compute.threads());
                Engine.Loaded loaded = Engine.load(compute.backendWord(), compute.dtype, pool)) {
            out.printf(
                    Locale.ROOT,
                    "%nchosen for %s: %s, %s%n%s; %d threads%n",
                    word(compute.dtype),
                    loaded.choice().name(),
                    loaded.choice().why(),
                    loaded.algebra().description(),
                    compute.threads());
        }
        return ExitStatus.DONE;
    }

    private static String word(DType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
