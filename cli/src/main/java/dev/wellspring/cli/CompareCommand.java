package dev.wellspring.cli;

import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.report.ComparisonView;
import dev.wellspring.rank.Agreement;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranks;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring compare`: how far two runs over the same documents agree.
@Command(
        name = "compare",
        header = "Say how far the rankings of two runs agree.",
        description = {
            "",
            "Of the same queries over the same documents: another damping, curvature, choice of modules, number of fitting"
                    + " documents, or the compressed gradients of a store against exact scores. For each query the"
                    + " correlation of the scores and of their ranks, and how many of the exact first k the other run has"
                    + " among its first k. Both runs must hold the scores of every document.",
            "",
            "With --moved, also the documents whose rank has moved most, among those in the first k (the largest) of either"
                    + " run: by the ratio of the two ranks, since of documents far down, whose scores are near zero, ranks mean"
                    + " little. csv and parquet then have these, and a row for each query otherwise.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring compare exact-run searched-run",
            "  wellspring compare run-ekfac run-kfac -k 10,100,1000 --format json",
            "  wellspring compare run-ekfac run-kfac --moved 10"
        })
final class CompareCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Parameters(index = "0", paramLabel = "RUN", description = "What counts as exact.")
    private Path exact;

    @Parameters(index = "1", paramLabel = "OTHER", description = "What is compared with it.")
    private Path other;

    @Option(
            names = "-k",
            split = ",",
            paramLabel = "K",
            defaultValue = "10,100",
            description = "How many first documents to look for. Default: ${DEFAULT-VALUE}.")
    private List<Integer> ks = List.of(10, 100);

    @Option(
            names = "--moved",
            paramLabel = "N",
            defaultValue = "0",
            description = "Show the N documents of each query whose rank has moved most. Default: none.")
    private int moved;

    @Mixin
    private FindingsOption output = new FindingsOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Override
    public Integer call() {
        output.check();
        ks.stream().filter(k -> k < 1).findFirst().ifPresent(k -> {
            throw new BadInputException("-k: expected at least 1, got " + k);
        });
        if (moved < 0) {
            throw new BadInputException("--moved: expected 0 or more, got " + moved);
        }
        List<ScoredQuery> queries = ScoredQuery.read(exact);
        requireSame(queries);
        try (ScoreFolder first = ScoreFolder.open(exact);
                ScoreFolder second = ScoreFolder.open(other);
                ProgressDisplay display = progress.open(wellspring.terminal())) {
            var rows = new ScoreRows(first);
            requireSameDocuments(rows, new ScoreRows(second));
            display.start("compare", queries.size(), "queries");
            List<ComparisonView.OfQuery> compared = new ArrayList<>();
            for (int q = 0; q < queries.size(); q++) {
                RowValue raw = RowValue.influence(q, 1, Normalisation.RAW);
                compared.add(compare(queries.get(q), first.column(raw), second.column(raw), rows));
                display.advance(1, 0);
            }
            display.finish();
            output.show(
                    new ComparisonView(exact.toString(), other.toString(), rows.count(), ks, List.copyOf(compared)),
                    wellspring.terminal());
        }
        return ExitStatus.DONE;
    }

    private ComparisonView.OfQuery compare(ScoredQuery query, double[] right, double[] approximate, ScoreRows rows) {
        double[] recall = ks.stream()
                .mapToDouble(k -> 1 - (double) Agreement.changed(approximate, right, k) / Math.min(k, right.length))
                .toArray();
        List<ComparisonView.Moved> most = moved == 0 ? List.of() : moved(right, approximate, rows);
        return new ComparisonView.OfQuery(query, Agreement.of(approximate, right), recall, most);
    }

    /// Those of the first k of either run whose ranks differ most, by their ratio.
    private List<ComparisonView.Moved> moved(double[] right, double[] approximate, ScoreRows rows) {
        int[] before = Ranks.places(right);
        int[] after = Ranks.places(approximate);
        int k = Collections.max(ks);
        Comparator<Integer> most = Comparator.comparingDouble(d -> -Math.abs(Math.log((double) after[d] / before[d])));
        return IntStream.range(0, before.length)
                .filter(d -> (before[d] <= k || after[d] <= k) && before[d] != after[d])
                .boxed()
                .sorted(most) // stable: equal ones in the order of the run
                .limit(moved)
                .map(d -> new ComparisonView.Moved(
                        rows.id(d), rows.part(d), rows.document(d).preview(), before[d], after[d]))
                .toList();
    }

    private void requireSameDocuments(ScoreRows first, ScoreRows second) {
        if (first.count() != second.count()) {
            throw new RunRefusedException(
                    other + ": expected the " + first.count() + " documents of " + exact + ", found " + second.count());
        }
        for (int d = 0; d < first.count(); d++) {
            if (first.part(d) != second.part(d) || !first.id(d).equals(second.id(d))) {
                throw new RunRefusedException(other + ": expected the documents of " + exact + " in their order, found "
                        + second.id(d) + " in the place of " + first.id(d) + "; score the same files");
            }
        }
    }

    private void requireSame(List<ScoredQuery> queries) {
        for (Path run : List.of(exact, other)) {
            Manifest manifest = FinishedScores.require(run);
            FinishedScores.requireEveryDocument(run, manifest, run.toString());
        }
        List<String> ids = queries.stream().map(ScoredQuery::id).toList();
        List<String> others =
                ScoredQuery.read(other).stream().map(ScoredQuery::id).toList();
        if (!ids.equals(others)) {
            throw new RunRefusedException(other + ": expected the " + ids.size() + " queries of " + exact
                    + ", found others; score the same file of queries");
        }
    }
}
