package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.synthesis.Documents;
import dev.wellspring.queries.synthesis.LabelledDocument;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
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
            "  wellspring corpus make mixed --documents 10000000 --out corpora/mixed",
            "  wellspring corpus split corpora/facts/*.jsonl --rule fact:0.2 --out splits/facts",
            "  wellspring corpus tokenizer corpora/facts/*.jsonl --out models/small"
        })
final class CorpusCommand implements Callable<Integer> {
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

    /// Families as the terminal has room for them.
    FamilyView families() {
        return new FamilyView(wellspring.terminal().width());
    }

    /// Begins what a long verb holds; the caller closes it.
    RunScope open(ProgressOption options) {
        return wellspring.open(options);
    }

    /// One document of each family, for the help.
    static List<FamilyView.Example> familyExamples() {
        return DocumentFamilies.all().stream()
                .map(family -> new FamilyView.Example(
                        family.name(), List.of(examples(family, 1).getFirst().text())))
                .toList();
    }

    /// The first documents that a family's defaults make.
    static List<LabelledDocument> examples(DocumentFamily family, int count) {
        Documents documents = family.documents(0, family.describe().parameters(Map.of()));
        return LongStream.range(0, count).mapToObj(documents::at).toList();
    }
}
