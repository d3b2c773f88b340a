package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.cli.progress.ProgressDisplay;
import dev.wellspring.cli.progress.ProgressMode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            CorpusSplitCommand.class,
            CorpusTokenizerCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring corpus list",
            "  wellspring corpus describe mixed",
            "  wellspring corpus make facts --documents 1270 --out corpora/facts",
            "  wellspring corpus split corpora/facts/*.jsonl --rule fact:0.2 --out splits/facts",
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
        throw new ParameterException(command.commandLine(), "expected list, describe, make, split or tokenizer");
    }

    /// Where data goes.
    PrintStream out() {
        return wellspring.terminal().out();
    }

    /// What shows how far a verb has come.
    ProgressDisplay display(ProgressMode mode) {
        Terminal terminal = wellspring.terminal();
        return new ProgressDisplay(terminal.err(), mode, terminal.errIsTerminal(), terminal.width(), System::nanoTime);
    }

    /// Other files in a folder would be taken for part of what is written into it.
    static void requireEmpty(Path out) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new BadInputException("--out: expected a new or empty folder, got the file " + out);
        }
        if (Files.isDirectory(out)) {
            try (Stream<Path> there = Files.list(out)) {
                if (there.findAny().isPresent()) {
                    throw new BadInputException(
                            "--out: expected a new or empty folder, got " + out + " with files; choose another");
                }
            }
        }
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
