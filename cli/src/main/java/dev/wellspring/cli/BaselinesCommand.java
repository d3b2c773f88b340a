package dev.wellspring.cli;

import dev.wellspring.cli.report.BaselineReport;
import dev.wellspring.cli.report.BaselineView;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Progress;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.BaselineComparison;
import dev.wellspring.store.scores.ScoreFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring baselines`: whether influence finds more than cheaper methods do.
@Command(
        name = "baselines",
        header = "Say how much of a run's rankings cheaper methods would have shown.",
        description = {
            "",
            "bm25: word overlap with prompt and completion, in token ids. length: the document's predictions."
                    + " gradient-norm: the norm of its gradient. shuffled: its influence on another query, of another"
                    + " kind where that can be. For each: how many of the first 10 and 100 documents it shares with the"
                    + " influence ranking, and how their ranks correlate.",
            "",
            "'wellspring score' keeps BM25 scores by itself. A run without them gets them when this is given what the"
                    + " run was made from.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring baselines run",
            "  wellspring baselines run --by normalised --format json",
            "  wellspring baselines old-run --model pythia-160m --queries queries.jsonl \\",
            "                       --documents corpus/*.jsonl.zst"
        })
final class BaselinesCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private EveryScore run = new EveryScore();

    @Option(
            names = "--by",
            paramLabel = "WHICH",
            defaultValue = "raw",
            description = "The influence ranking: raw (nat is the same) or normalised. Default: ${DEFAULT-VALUE}.")
    private Normalisation by = Normalisation.RAW;

    @Mixin
    private FindingsOption output = new FindingsOption();

    @ArgGroup(exclusive = false, heading = "%nTo add BM25 scores to a run that has none:%n")
    private @Nullable Bm25Inputs inputs;

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Override
    public Integer call() throws IOException {
        output.check();
        Manifest manifest = run.finished();
        BaselineReport report;
        try (RunScope scope = wellspring.open(progress)) {
            if (inputs != null) {
                inputs.add(run.folder(), manifest, scope);
            }
            report = compare(scope.progress());
        }
        output.show(new BaselineView(report), wellspring.terminal());
        return ExitStatus.DONE;
    }

    private BaselineReport compare(Progress progress) {
        List<ScoredQuery> queries = ScoredQuery.read(run.folder());
        int[] shuffled = ScoredQuery.shuffled(queries);
        try (ScoreFolder folder = ScoreFolder.open(run.folder())) {
            if (!folder.hasBm25()) {
                progress.note("bm25 is left out: " + run.folder() + " has no such scores; --documents adds them");
            }
            progress.start("baselines", queries.size(), "queries");
            var comparison = new BaselineComparison(folder, queries, by);
            List<BaselineReport.OfQuery> compared = new ArrayList<>();
            for (int q = 0; q < queries.size(); q++) {
                String other =
                        shuffled.length == 0 ? "" : queries.get(shuffled[q]).id();
                compared.add(new BaselineReport.OfQuery(queries.get(q), other, comparison.of(q)));
                progress.advance(1, 0);
            }
            progress.finish();
            return new BaselineReport(by, folder.rowCount(), comparison.sampled(), List.copyOf(compared));
        }
    }
}
