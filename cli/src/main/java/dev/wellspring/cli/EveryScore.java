package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// Mixin: a run that holds the scores of every document.
final class EveryScore {
    @Parameters(
            paramLabel = "RUN",
            description = "The folder that 'wellspring score', or 'search' with --all-scores, wrote.")
    private Path run;

    Path folder() {
        return run;
    }

    /// @throws RunRefusedException when it is not finished, or does not hold the scores of every document
    Manifest finished() {
        Manifest manifest = FinishedScores.require(run);
        FinishedScores.requireEveryDocument(run, manifest, "RUN");
        return manifest;
    }
}
