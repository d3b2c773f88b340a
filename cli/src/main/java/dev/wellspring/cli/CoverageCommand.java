package dev.wellspring.cli;

import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.CoverageView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `wellspring coverage`: how much all documents do to queries, and how many it takes.
@Command(
        name = "coverage",
        header = "Say how much all documents do to queries, and how many of them it takes.",
        description = {
            "",
            "The sum of all positive scores of a query, and of all negative ones, per nat of its completion, so that queries compare;"
                    + " which share of it the first 1 and 5 %% of the documents of that sign have; how many documents would do as much if"
                    + " all did alike (effective, (Σ|s|)²/Σs²); and how fast scores fall with the rank: a power law through the first 500,"
                    + " whose slope is steeper where few documents matter more, with its goodness of fit R². Ruis et al. (2024) find less"
                    + " influence per nat for reasoning than for facts, varying less between queries.",
            "",
            "csv and parquet have the shares of the first 0.01 to 100 %% for each query; json has everything.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring coverage run", "  wellspring coverage run --format csv --out coverage.csv"})
final class CoverageCommand implements Callable<Integer> {
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
        output.show(
                new CoverageView(analyses.queries(), analyses.documents(), analyses.spread()), wellspring.terminal());
        return ExitStatus.DONE;
    }
}
