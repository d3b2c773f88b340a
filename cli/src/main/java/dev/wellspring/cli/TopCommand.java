package dev.wellspring.cli;

import dev.wellspring.cli.report.CsvWriter;
import dev.wellspring.cli.report.JsonWriter;
import dev.wellspring.cli.report.Ranking;
import dev.wellspring.cli.report.RankingWriter;
import dev.wellspring.cli.report.TableWriter;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.search.SearchRun;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring top run --query capital-norland -k 20",
            "  wellspring top run --by normalised --bottom --format json"
        })
final class TopCommand implements Callable<Integer> {
    /// How rankings are shown.
    enum Format {
        TABLE,
        JSON,
        CSV
    }

    @ParentCommand
    private Wellspring wellspring;

    @Parameters(paramLabel = "RUN", description = "The folder that 'wellspring score' or 'search' wrote.")
    private Path run;

    @Option(names = "--query", paramLabel = "ID", description = "Only this query; may be repeated. Default: all.")
    private List<String> queries = List.of();

    @Option(names = "-k", paramLabel = "N", defaultValue = "10", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int k = 10;

    @Option(
            names = "--by",
            paramLabel = "WHICH",
            defaultValue = "raw",
            description = "raw, nat or normalised. Default: ${DEFAULT-VALUE}.")
    private Normalisation by = Normalisation.RAW;

    @Option(names = "--bottom", description = "The most negative documents instead.")
    private boolean bottom;

    @Option(
            names = "--approximate",
            description = "The scores out of the store, where a search has also scored its top documents exactly.")
    private boolean approximate;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json or csv. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        if (k < 1) {
            throw new BadInputException("-k: expected at least 1, got " + k);
        }
        Manifest manifest = FinishedScores.require(run);
        Accuracy accuracy = Accuracy.read(run);
        boolean exact = accuracy != null && accuracy.rescored() > 0 && !approximate;
        requireKept(exact && accuracy != null ? accuracy.rescored() : kept(manifest), exact);
        if (accuracy != null) {
            accuracy.lines().forEach(line -> wellspring.terminal().err().println(line));
        }
        Path scores = exact ? run.resolve(ExactScores.FOLDER) : run;
        List<Ranking> rankings = rankings(scores, queries, k, by, bottom ? Tail.BOTTOM : Tail.TOP);
        writer(format, wellspring.terminal())
                .write(rankings, wellspring.terminal().out());
        return ExitStatus.DONE;
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

    private static int kept(Manifest manifest) {
        String kept = manifest.settings().getOrDefault(SearchRun.KEEP, "all");
        return kept.equals("all") ? Integer.MAX_VALUE : Integer.parseInt(kept);
    }

    /// The rankings of some queries of a run, or of all of them.
    static List<Ranking> rankings(Path run, List<String> queries, int k, Normalisation by, Tail tail) {
        List<ScoredQuery> all = ScoredQuery.read(run);
        List<Ranking> rankings = new ArrayList<>();
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            List<String> wanted =
                    queries.isEmpty() ? all.stream().map(ScoredQuery::id).toList() : queries;
            for (String id : wanted) {
                int q = folder.query(id);
                TopK<ScoreRow> top = folder.top(q, all.get(q).loss(), k, by, tail);
                rankings.add(new Ranking(all.get(q), by, tail, top.best(), top.ranked(), top.notANumber()));
            }
        }
        return rankings;
    }

    private static RankingWriter writer(Format format, Terminal terminal) {
        return switch (format) {
            case TABLE -> new TableWriter(terminal.width(), terminal.colours());
            case JSON -> new JsonWriter();
            case CSV -> new CsvWriter();
        };
    }
}
