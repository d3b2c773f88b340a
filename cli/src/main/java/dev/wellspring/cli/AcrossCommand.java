package dev.wellspring.cli;

import dev.wellspring.cli.report.AcrossView;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring across`: what stands out at the ends of all rankings.
@Command(
        name = "across",
        header = "Say which documents stand at the top for many queries, twice, or by a single token.",
        description = {
            "",
            "Three things to know before a ranking is read. Documents that stand among the first k of many queries say"
                    + " little about any of them. Near-duplicates are one document that counts several times: those whose"
                    + " beginnings (120 characters) have 0.8 of their shingles of five words in common. And a score that"
                    + " comes from few tokens may be an accident of these: its token scores s have ‖s‖₂ / ‖s‖₁ above 2/3,"
                    + " which is known where the run has kept them ('score --token-scores').",
            "",
            "csv and parquet have the documents of several queries; json has everything.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring across run", "  wellspring across run -k 20 --format json"})
final class AcrossCommand implements Callable<Integer> {
    private static final int MOST = 5000;

    @ParentCommand
    private Wellspring wellspring;

    @Option(
            names = "-k",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many documents at either end of a ranking. Default: ${DEFAULT-VALUE}.")
    private int k = RunAnalyses.TOP;

    @Mixin
    private FindingsOption output = new FindingsOption();

    @Mixin
    private AnalysedRun run = new AnalysedRun();

    @Override
    public Integer call() {
        output.check();
        if (k < 1 || k > MOST) {
            throw new BadInputException("-k: expected 1 to " + MOST + ", got " + k);
        }
        Analyses analyses = run.analyse(k, wellspring);
        output.show(new AcrossView(analyses.queries(), analyses.top()), wellspring.terminal());
        return ExitStatus.DONE;
    }
}
