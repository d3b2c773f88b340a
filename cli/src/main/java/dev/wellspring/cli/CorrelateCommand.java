package dev.wellspring.cli;

import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.CorrelationView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `wellspring correlate`: which queries the same documents influence.
@Command(
        name = "correlate",
        header = "Say which queries the same documents influence.",
        description = {
            "",
            "For every pair of queries the correlation of their scores of all documents: high where what helps the one helps the"
                    + " other. Queries that take the same procedure correlate whatever their numbers (Ruis et al. 2024); facts hardly"
                    + " do. Read a pair beside its controls, which have the words of a query and not its task. Three figures: of raw"
                    + " scores, of scores divided by the norm of the document's gradient, so that long documents do not make it all,"
                    + " and of ranks. Every mean is over pairs, with a 95 %% interval over queries.",
            "",
            "csv and parquet have a row for each pair of queries; json has the means as well.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring correlate run", "  wellspring correlate run --format parquet --out pairs.parquet"})
final class CorrelateCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private FindingsOption output = new FindingsOption();

    @Mixin
    private AnalysedRun run = new AnalysedRun();

    @Override
    public Integer call() {
        output.check();
        Analyses analyses = run.analyse(wellspring);
        output.show(new CorrelationView(analyses.queries(), analyses.correlation()), wellspring.terminal());
        return ExitStatus.DONE;
    }
}
