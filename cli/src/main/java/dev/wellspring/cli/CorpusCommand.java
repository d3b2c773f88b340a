package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wellspring corpus`: corpora made by program, and tokenizers trained on them.
@Command(
        name = "corpus",
        header = "Make corpora whose documents carry the truth about themselves.",
        description = {
            "",
            "Every document says what task it belongs to, what it is to that task's queries, and which answers it"
                    + " holds. A corpus is a folder of documents that 'wellspring score --documents' reads, and"
                    + " corpus.json, which says how it came about. The same family, seed and parameters give the same"
                    + " bytes.",
            ""
        },
        subcommands = {
            CorpusListCommand.class,
            CorpusDescribeCommand.class,
            CorpusMakeCommand.class,
            CorpusTokenizerCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring corpus list",
            "  wellspring corpus describe mixed",
            "  wellspring corpus make facts --documents 1270 --out corpora/facts",
            "  wellspring corpus tokenizer corpora/facts/*.jsonl --vocabulary 1024 --out models/small"
        })
final class CorpusCommand implements Callable<Integer> {
    /// How results are shown.
    enum View {
        TABLE,
        JSON
    }

    @ParentCommand
    private Wellspring wellspring;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        throw new ParameterException(command.commandLine(), "expected list, describe, make or tokenizer");
    }

    /// Where data goes.
    PrintStream out() {
        return wellspring.terminal().out();
    }

    /// Prints a value as one line of JSON.
    void print(Object value) {
        try {
            out().println(JsonMapper.builder().build().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers are JSON", e);
        }
    }
}
