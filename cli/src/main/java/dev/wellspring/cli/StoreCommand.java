package dev.wellspring.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wellspring store`: what looks after gradient stores.
@Command(
        name = "store",
        header = "Describe, verify, repair and merge gradient stores.",
        description = {
            "",
            "A store is the folder that 'wellspring index' writes: gradients of documents over one or more disks, each"
                    + " batch under a checksum. Searches read it while these verbs, or an index that appends, are at"
                    + " work.",
            ""
        },
        subcommands = {
            StoreDescribeCommand.class,
            StoreVerifyCommand.class,
            StoreRepairCommand.class,
            StoreMergeCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring store describe store",
            "  wellspring store verify store",
            "  wellspring store repair store --model pythia-160m",
            "  wellspring store merge store-a store-b --out store"
        })
final class StoreCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        throw new ParameterException(command.commandLine(), "expected describe, verify, repair or merge");
    }

    /// Where data goes.
    PrintStream out() {
        return wellspring.terminal().out();
    }

    /// Begins what a long verb holds; the caller closes it.
    RunScope open(ProgressOption options) {
        return wellspring.open(options);
    }
}
