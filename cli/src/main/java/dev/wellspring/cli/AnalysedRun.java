package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.WorkerPool;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Mixin: a run whose scores are analysed, for a verb that shows a part of what comes out.
final class AnalysedRun {
    @Parameters(
            paramLabel = "RUN",
            description = "The folder that 'wellspring score', or 'search' with --all-scores, wrote.")
    private Path run;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    /// @throws dev.wellspring.run.RunRefusedException when the run does not hold the scores of every document
    Analyses analyse(Wellspring wellspring) {
        return analyse(RunAnalyses.TOP, wellspring);
    }

    /// @param k how many documents at the ends of rankings are looked at
    Analyses analyse(int k, Wellspring wellspring) {
        Manifest manifest = FinishedScores.require(run);
        FinishedScores.requireEveryDocument(run, manifest, "RUN");
        try (ProgressDisplay display = progress.open(wellspring.terminal());
                var pool = new WorkerPool(threads.count())) {
            return RunAnalyses.of(run, k, pool, display);
        }
    }
}
