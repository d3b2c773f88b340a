package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// Mixin: a run of scores, be it of all documents or of those that a search has kept.
final class ScoredRun {
    @Parameters(paramLabel = "RUN", description = "The folder that 'wellspring score' or 'search' wrote.")
    private Path run;

    Path folder() {
        return run;
    }

    /// @throws RunRefusedException when it is not finished, or no run of scores
    Manifest finished() {
        return FinishedScores.require(run);
    }
}
