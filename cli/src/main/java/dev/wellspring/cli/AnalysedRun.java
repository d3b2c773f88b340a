package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.WorkerPool;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;

/// Mixin: a run whose scores are analysed on several threads, for a verb that shows a part of what comes out.
final class AnalysedRun {
    @Mixin
    private EveryScore run = new EveryScore();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    Path folder() {
        return run.folder();
    }

    /// @throws RunRefusedException when it is not finished, or does not hold the scores of every document
    Manifest finished() {
        return run.finished();
    }

    /// As many threads as were asked for.
    WorkerPool threads() {
        return new WorkerPool(threads.count());
    }

    ProgressDisplay progress(Wellspring wellspring) {
        return progress.open(wellspring.terminal());
    }

    /// @throws RunRefusedException when the run does not hold the scores of every document
    Analyses analyse(Wellspring wellspring) {
        return analyse(RunAnalyses.TOP, wellspring);
    }

    /// @param k how many documents at the ends of rankings are looked at
    Analyses analyse(int k, Wellspring wellspring) {
        finished();
        try (ProgressDisplay display = progress(wellspring);
                WorkerPool pool = threads()) {
            return RunAnalyses.of(folder(), k, pool, display);
        }
    }
}
