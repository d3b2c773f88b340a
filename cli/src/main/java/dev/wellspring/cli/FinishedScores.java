package dev.wellspring.cli;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.ScoreRun;
import dev.wellspring.run.search.SearchRun;
import java.nio.file.Path;

/// The check that every verb makes that reads a run.
final class FinishedScores {
    private static final String EVERY_DOCUMENT = "all";

    private FinishedScores() {}

    /// How many documents the run keeps at either end of its rankings: a search keeps no others, unless it was asked
    /// to.
    static int kept(Manifest manifest) {
        String kept = manifest.settings().getOrDefault(SearchRun.KEEP, EVERY_DOCUMENT);
        return kept.equals(EVERY_DOCUMENT) ? Integer.MAX_VALUE : Integer.parseInt(kept);
    }

    /// @param option what needs them, for the message
    /// @throws RunRefusedException when the run does not hold the scores of every document
    static void requireEveryDocument(Path run, Manifest manifest, String option) {
        if (kept(manifest) != Integer.MAX_VALUE) {
            throw new RunRefusedException(option + ": expected the scores of every document, found only the ends of the"
                    + " rankings in " + run + "; search again with --all-scores");
        }
    }

    /// @throws RunRefusedException when the folder does not hold a score run, finished or not
    static Manifest requireKind(Path run) {
        Manifest manifest = Manifest.read(run);
        if (!manifest.kind().equals(ScoreRun.KIND)) {
            throw new RunRefusedException(
                    run + ": expected scores, found " + manifest.kind() + "; give the folder of 'wellspring score'");
        }
        return manifest;
    }

    /// @throws RunRefusedException when the folder does not hold a finished score run
    static Manifest require(Path run) {
        Manifest manifest = requireKind(run);
        if (!manifest.complete()) {
            throw new RunRefusedException(
                    run + ": expected a finished run, found an unfinished one; give its command again to finish it");
        }
        return manifest;
    }
}
