package dev.wellspring.cli;

import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.SourcesView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `wellspring sources`: which sources stand at the ends of rankings.
@Command(
        name = "sources",
        header = "Say which sources stand at the ends of rankings.",
        description = {
            "",
            "How much more often a source, such as code or wiki, stands among the first k documents than among all of them: 1 is as"
                    + " often, 10 is ten times as often, 0.1 a tenth as often. For k = 50, 500, 5,000 and so on up to half of the"
                    + " documents, at both ends, with controls beside every kind of query: what controls show too is about the form of"
                    + " queries and not about what they ask. Up to 5,000 counts are exact; beyond, documents whose scores differ by less"
                    + " than 0.8 %% around the k-th place are counted as if they were mixed evenly.",
            "",
            "csv and parquet have the counts of each query; json has everything.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring sources run", "  wellspring sources run --format json"})
final class SourcesCommand implements Callable<Integer> {
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
        output.show(new SourcesView(analyses.queries(), analyses.sources()), wellspring.terminal());
        return ExitStatus.DONE;
    }
}
