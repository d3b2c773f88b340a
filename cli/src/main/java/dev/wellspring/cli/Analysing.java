package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.WorkerPool;
import java.nio.file.Path;

/// Analyses a run on behalf of a verb that shows a part of what comes out.
final class Analysing {
    private Analysing() {}

    /// @throws dev.wellspring.run.RunRefusedException when the run does not hold the scores of every document
    static Analyses run(Path run, Wellspring wellspring, ProgressOption progress, ThreadsOption threads) {
        return run(run, RunAnalyses.TOP, wellspring, progress, threads);
    }

    /// @param k how many documents at the ends of rankings are looked at
    static Analyses run(Path run, int k, Wellspring wellspring, ProgressOption progress, ThreadsOption threads) {
        Manifest manifest = FinishedScores.require(run);
        FinishedScores.requireEveryDocument(run, manifest, "RUN");
        try (ProgressDisplay display = progress.open(wellspring.terminal());
                var pool = new WorkerPool(threads.count())) {
            return RunAnalyses.of(run, k, pool, display);
        }
    }
}
