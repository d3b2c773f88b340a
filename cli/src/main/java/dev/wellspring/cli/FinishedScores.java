package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.ScoreRun;
import java.nio.file.Path;

/// The check that every verb makes that reads a run.
final class FinishedScores {
    private FinishedScores() {}

    /// @throws RunRefusedException when the folder does not hold a finished score run
    static Manifest require(Path run) {
        Manifest manifest = Manifest.read(run);
        if (!manifest.kind().equals(ScoreRun.KIND)) {
            throw new RunRefusedException(
                    run + ": expected scores, found " + manifest.kind() + "; give the folder of 'wellspring score'");
        }
        if (!manifest.complete()) {
            throw new RunRefusedException(
                    run + ": expected a finished run, found an unfinished one; give its command again to finish it");
        }
        return manifest;
    }
}
