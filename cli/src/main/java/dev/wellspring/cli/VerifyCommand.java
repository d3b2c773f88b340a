package dev.wellspring.cli;

import dev.wellspring.store.scores.ScoreFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring verify`: reads every byte of a run.
@Command(
        name = "verify",
        header = "Read every byte of a run's scores and compare every checksum.",
        description = {
            "",
            "Prints a line for each damaged file; exit status 1 if there is one. A run cannot be mended: give the"
                    + " command that made it again, with another --out, or bring the file back from a copy. For"
                    + " stores of gradients there are 'wellspring store verify' and 'wellspring store repair'.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = "  wellspring verify run && wellspring top run")
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Parameters(paramLabel = "RUN", description = "The folder that 'wellspring score' or 'search' wrote.")
    private Path run;

    @Override
    public Integer call() {
        FinishedScores.require(run);
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            List<String> problems = folder.verify();
            problems.forEach(wellspring.terminal().out()::println);
            if (problems.isEmpty()) {
                wellspring
                        .terminal()
                        .out()
                        .println(run + ": " + folder.rowCount() + " documents, every checksum holds");
                return ExitStatus.DONE;
            }
        }
        return ExitStatus.FAILED;
    }
}
