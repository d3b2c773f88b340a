package dev.wellspring.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wellspring validate`: scores against retraining.
@Command(
        name = "validate",
        header = "Check scores against what retraining does.",
        description = {
            "",
            "An influence score is a prediction: what would become of a completion had the model not learned from a document."
                    + " These verbs train the model again, without some documents, and compare. Retrained models are kept"
                    + " in a bank and used again.",
            ""
        },
        subcommands = {ValidateLdsCommand.class, ValidateRemovalCommand.class, ValidateSquareCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring validate lds --model model --documents corpus.jsonl --queries queries.jsonl --out lds",
            "  wellspring validate removal --model model --documents corpus.jsonl --queries queries.jsonl --out removal",
            "  wellspring validate square --model model --documents sums.jsonl --queries sums.jsonl --out square"
        })
final class ValidateCommand implements Runnable {
    @ParentCommand
    private Wellspring wellspring;

    @Spec
    private CommandSpec command;

    Wellspring wellspring() {
        return wellspring;
    }

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "expected a command");
    }
}
