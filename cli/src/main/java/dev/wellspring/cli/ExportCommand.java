package dev.wellspring.cli;

import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreExport;
import dev.wellspring.store.scores.ScoreFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring export`: all scores of a run as one long table.
@Command(
        name = "export",
        header = "Write all scores of a run as one table.",
        description = {
            "",
            "One row per query and document, with the columns query, document, source, raw, nat and normalised, and what"
                    + " baselines say: bm25, length, gradient_norm and shuffled.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring export run --format csv | head",
            "  wellspring export run --format parquet --out scores.parquet"
        })
final class ExportCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Parameters(paramLabel = "RUN", description = "The folder that 'wellspring score' wrote.")
    private Path run;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = "csv (to standard output without --out), parquet or arrow.")
    private ScoreExport.Format format = ScoreExport.Format.CSV;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to; needed for parquet and arrow.")
    private @Nullable Path out;

    @Override
    public Integer call() {
        FinishedScores.require(run);
        List<ScoredQuery> queries = ScoredQuery.read(run);
        double[] losses = queries.stream().mapToDouble(ScoredQuery::loss).toArray();
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            var export = new ScoreExport(folder, losses, ScoredQuery.shuffled(queries));
            if (out != null) {
                export.write(format, out);
                wellspring.terminal().out().println(out);
            } else if (format == ScoreExport.Format.CSV) {
                export.csv(wellspring.terminal().out());
            } else {
                throw new BadInputException("--out: expected a file for --format "
                        + format.name().toLowerCase(Locale.ROOT) + ", found none; only csv goes to the terminal");
            }
        }
        return ExitStatus.DONE;
    }
}
