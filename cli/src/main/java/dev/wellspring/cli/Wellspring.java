package dev.wellspring.cli;

import dev.wellspring.cli.ComputeOptions.BackendChoice;
import dev.wellspring.cli.progress.ProgressMode;
import dev.wellspring.cli.report.RankBy;
import dev.wellspring.cli.report.TableFormat;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.token.NumberTokens;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.fit.LabelChoice;
import dev.wellspring.run.train.LossSpan;
import dev.wellspring.store.scores.ScoreExport;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Precision;
import dev.wellspring.train.LearningRate;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `wellspring`, and where the process begins.
@Command(
        name = "wellspring",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = false,
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            FitCommand.class,
            ScoreCommand.class,
            IndexCommand.class,
            SearchCommand.class,
            StoreCommand.class,
            TopCommand.class,
            CorrelateCommand.class,
            CoverageCommand.class,
            SourcesCommand.class,
            AnswersCommand.class,
            AcrossCommand.class,
            BaselinesCommand.class,
            CompareCommand.class,
            ExportCommand.class,
            DistanceCommand.class,
            VerifyCommand.class,
            ReportCommand.class,
            QueriesCommand.class,
            CorpusCommand.class,
            BackendsCommand.class,
            PlanCommand.class,
            ValidateCommand.class,
            DemoCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        header = "Which pretraining documents made this model say that?",
        description = {
            "",
            "Wellspring fits an EK-FAC approximation of a language model's curvature and ranks documents by their "
                    + "influence on a completion: how many nats likelier it would be had the model learned a bit more "
                    + "from the document. Data goes to standard output, progress to standard error."
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:done", "1:the run failed or was stopped", "2:bad arguments or bad input"})
public final class Wellspring implements Callable<Integer> {
    private static final int WIDEST_HELP = 110;

    private final Terminal terminal;
    private final List<String> arguments;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show a stack trace when something fails.")
    private boolean verbose;

    @Spec
    private CommandSpec command;

    Wellspring(Terminal terminal, List<String> arguments) {
        this.terminal = terminal;
        this.arguments = arguments;
    }

    /// Runs one command line and ends the process with its exit status.
    public static void main(String[] arguments) {
        LogManager.getLogManager().reset(); // libraries have nothing to say to our users
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /// Runs one command line.
    ///
    /// @return the exit status
    static int run(Terminal terminal, String... arguments) {
        var wellspring = new Wellspring(terminal, List.of(arguments));
        CommandLine line = wellspring.commandLine();
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError failure) {
            return new Failures(wellspring).handleOutOfMemory(failure, line);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    /// The command with all its verbs, ready to execute.
    CommandLine commandLine() {
        return configured(new CommandLine(this));
    }

    /// Gives a command and its verbs this one's streams, colours and way with failures.
    CommandLine configured(CommandLine line) {
        var failures = new Failures(this);
        FamilyView.showInHelp(line, "queries", "One query of each family:", QueriesCommand::familyExamples);
        FamilyView.showInHelp(line, "corpus", "One document of each family:", CorpusCommand::familyExamples);
        CorpusSplitCommand.showRulesInHelp(line);
        return line.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()))
                .setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.min(terminal.width(), WIDEST_HELP))
                .registerConverter(BackendChoice.class, new Words<>(List.of(BackendChoice.values())))
                .registerConverter(DType.class, new Words<>(List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT64)))
                .registerConverter(CurvatureStrategy.class, new Words<>(List.of(CurvatureStrategy.values())))
                .registerConverter(LossSpan.class, new Words<>(List.of(LossSpan.values())))
                .registerConverter(LearningRate.Shape.class, new Words<>(List.of(LearningRate.Shape.values())))
                .registerConverter(ModelShape.class, new Words<>(List.of(ModelShape.values())))
                .registerConverter(ModelChoice.Scheme.class, new Words<>(List.of(ModelChoice.Scheme.values())))
                .registerConverter(
                        TrainingOptions.OptimizerChoice.class,
                        new Words<>(List.of(TrainingOptions.OptimizerChoice.values())))
                .registerConverter(LabelChoice.class, new Words<>(List.of(LabelChoice.values())))
                .registerConverter(Normalisation.class, new Words<>(List.of(Normalisation.values())))
                .registerConverter(RankBy.class, new Words<>(List.of(RankBy.values())))
                .registerConverter(ScoreExport.Format.class, new Words<>(List.of(ScoreExport.Format.values())))
                .registerConverter(TableFormat.class, new Words<>(List.of(TableFormat.values())))
                .registerConverter(ViewOption.View.class, new Words<>(List.of(ViewOption.View.values())))
                .registerConverter(QueryKind.class, new Words<>(List.of(QueryKind.values())))
                .registerConverter(NumberTokens.class, new Words<>(List.of(NumberTokens.values())))
                .registerConverter(DemoSize.class, new Words<>(List.of(DemoSize.values())))
                .registerConverter(Precision.class, new Words<>(List.of(Precision.values())))
                .registerConverter(ProgressMode.class, new Words<>(List.of(ProgressMode.values())))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /// Without a command there is nothing to do.
    @Override
    public Integer call() {
        throw new ParameterException(command.commandLine(), "expected a command");
    }

    /// Where words go.
    Terminal terminal() {
        return terminal;
    }

    /// Begins what a long run holds; the caller closes it.
    RunScope open(RunOptions options) {
        return new RunScope(options.progress, options.metrics, terminal, commandText());
    }

    /// The same for a long verb that is no run.
    RunScope open(ProgressOption progress) {
        return new RunScope(progress, null, terminal, commandText());
    }

    boolean isVerbose() {
        return verbose || terminal.debug();
    }

    /// The command line as it could be typed again.
    String commandText() {
        return "wellspring " + arguments.stream().map(Wellspring::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
