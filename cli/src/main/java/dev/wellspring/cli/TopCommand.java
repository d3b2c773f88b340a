package dev.wellspring.cli;

import dev.wellspring.cli.report.RankBy;
import dev.wellspring.cli.report.Ranking;
import dev.wellspring.cli.report.RankingView;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring top`: the documents at the ends of a run's rankings.
@Command(
        name = "top",
        header = "Show the most influential documents of a run.",
        description = {
            "",
            "raw: nats per unit weight of the document. nat: raw divided by the query's loss, to compare queries."
                    + " normalised: nat divided by the document's gradient norm, so that long documents do not win by"
                    + " size.",
            "",
            "Beside each document stands its rank by BM25, which is word overlap with prompt and completion: what a"
                    + " search engine would have said. The other baselines are its length, the norm of its gradient,"
                    + " and shuffled: its influence on another query.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring top run --query capital-norland -k 20",
            "  wellspring top run --query capital-norland --by bm25",
            "  wellspring top run --by normalised --bottom --format json"
        })
final class TopCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ScoredRun scored = new ScoredRun();

    @Option(names = "--query", paramLabel = "ID", description = "Only this query; may be repeated. Default: all.")
    private List<String> queries = List.of();

    @Option(names = "-k", paramLabel = "N", defaultValue = "10", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int k = 10;

    @Option(
            names = "--by",
            paramLabel = "WHICH",
            defaultValue = "raw",
            description = "raw, nat or normalised; or bm25, length, gradient-norm or shuffled."
                    + " Default: ${DEFAULT-VALUE}.")
    private RankBy by = RankBy.RAW;

    @Option(names = "--bottom", description = "The most negative documents instead.")
    private boolean bottom;

    @Option(
            names = "--approximate",
            description = "The scores out of the store, where a search has also scored its top documents exactly.")
    private boolean approximate;

    @Mixin
    private FindingsOption output = new FindingsOption();

    @Override
    public Integer call() {
        if (k < 1) {
            throw new BadInputException("-k: expected at least 1, got " + k);
        }
        output.check();
        Path run = scored.folder();
        Manifest manifest = scored.finished();
        Accuracy accuracy = Accuracy.read(run);
        boolean exact = accuracy != null && accuracy.rescored() > 0 && !approximate && !by.isBaseline();
        if (by.isBaseline()) {
            FinishedScores.requireEveryDocument(run, manifest, "--by " + by.word());
        }
        requireKept(exact && accuracy != null ? accuracy.rescored() : FinishedScores.kept(manifest), exact);
        if (accuracy != null && !by.isBaseline()) {
            accuracy.lines().forEach(line -> wellspring.terminal().err().println(line));
        }
        List<Ranking> rankings = rankings(exact ? run.resolve(ExactScores.FOLDER) : run, run, manifest);
        Terminal terminal = wellspring.terminal();
        output.show(new RankingView(rankings, terminal.colours() && output.isOnTerminal()), terminal);
        return ExitStatus.DONE;
    }

    private Tail tail() {
        return bottom ? Tail.BOTTOM : Tail.TOP;
    }

    /// A search keeps the ends of its rankings only; what lies between was never written down.
    private void requireKept(int kept, boolean exact) {
        if (k > kept) {
            throw new BadInputException("-k: expected at most " + kept + ", as this search "
                    + (exact
                            ? "scored no more exactly; give --approximate, or search again with a larger --rescore"
                            : "kept no more; search again with a larger --keep, or --all-scores")
                    + ", got " + k);
        }
    }

    /// The rankings of the queries asked for.
    ///
    /// @param scores the folder that holds them
    /// @param manifest of the run
    private List<Ranking> rankings(Path scores, Path run, Manifest manifest) {
        List<ScoredQuery> all = ScoredQuery.read(scores);
        List<Ranking> rankings = new ArrayList<>();
        try (ScoreFolder kept = ScoreFolder.open(scores)) {
            require(by, scores, kept);
            long documents = documents(manifest, run, scores, kept);
            boolean everything = run.equals(scores) && FinishedScores.kept(manifest) == Integer.MAX_VALUE;
            for (String id : queries.isEmpty() ? kept.layout().queries() : queries) {
                int q = kept.query(id);
                TopK<ScoreRow> top = kept.top(q, all.get(q).loss(), k, by.value(q, all), tail());
                List<Ranked<ScoreRow>> best = top.best();
                rankings.add(new Ranking(
                        all.get(q),
                        by,
                        tail(),
                        best,
                        documents,
                        kept.rowCount(),
                        top.notANumber(),
                        everything ? places(kept, RankBy.RAW.value(q, all), best, ScoreRow::raw) : List.of(),
                        everything && kept.hasBm25()
                                ? places(kept, RowValue.bm25(q), best, ScoreRow::bm25)
                                : List.of()));
            }
        }
        return rankings;
    }

    /// How many documents the run has scored, of which the folder may hold some only.
    private static long documents(Manifest manifest, Path run, Path scores, ScoreFolder kept) {
        if (run.equals(scores)) {
            return FinishedScores.scored(manifest, kept);
        }
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            return FinishedScores.scored(manifest, folder);
        }
    }

    private static List<Long> places(
            ScoreFolder folder, RowValue value, List<Ranked<ScoreRow>> rows, ToDoubleFunction<ScoreRow> own) {
        double[] values =
                rows.stream().mapToDouble(row -> own.applyAsDouble(row.row())).toArray();
        return LongStream.of(folder.places(value, values)).boxed().toList();
    }

    private static void require(RankBy by, Path run, ScoreFolder folder) {
        if (by == RankBy.BM25 && !folder.hasBm25()) {
            throw new BadInputException("--by bm25: expected a run with BM25 scores, found none in " + run
                    + "; add them with 'wellspring baselines " + run + " --documents FILE...'");
        }
        if (by == RankBy.SHUFFLED && folder.layout().queries().size() < 2) {
            throw new BadInputException("--by shuffled: expected at least two queries, found one; another's influence"
                    + " needs another query");
        }
    }
}
