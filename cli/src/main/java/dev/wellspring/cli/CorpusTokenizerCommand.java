package dev.wellspring.cli;

import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.DocumentReader;
import dev.wellspring.queries.token.NumberTokens;
import dev.wellspring.queries.token.TokenizerTraining;
import dev.wellspring.queries.token.TrainedTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring corpus tokenizer`: trains a tokenizer on documents.
@Command(
        name = "tokenizer",
        header = "Train a byte-level tokenizer on documents.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring corpus tokenizer corpora/mixed/*.jsonl --vocabulary 4096 --out models/small",
            "  wellspring corpus tokenizer sums.jsonl --numbers whole --largest 999 --vocabulary 2048 --out models/sums"
        })
final class CorpusTokenizerCommand implements Callable<Integer> {
    /// The end of text, the bytes, and nothing else.
    private static final int BYTES = 257;

    private static final int MAX = 1_000_000;

    @ParentCommand
    private CorpusCommand corpus;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Documents: JSONL, CSV, Parquet or Arrow.")
    private List<Path> files = List.of();

    @Option(
            names = "--numbers",
            paramLabel = "HOW",
            defaultValue = "text",
            description = "text: like other text. whole: a token per number. digits: a token per digit."
                    + " Default: ${DEFAULT-VALUE}.")
    private NumberTokens numbers = NumberTokens.TEXT;

    @Option(
            names = "--largest",
            paramLabel = "N",
            defaultValue = "999",
            description = "With whole, the largest number with a token. Default: ${DEFAULT-VALUE}.")
    private int largest = 999;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Tokens at most. Default: ${DEFAULT-VALUE}.")
    private int vocabulary = 4096;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where tokenizer.json goes.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        require("--largest", largest, 0);
        int smallest = BYTES + (numbers == NumberTokens.WHOLE ? Math.max(0, largest - 9) : 0);
        require("--vocabulary", vocabulary, smallest);
        var training = new TokenizerTraining(numbers);
        try (DocumentReader documents = Corpus.of(files).open()) {
            documents.forEachRemaining(document -> {
                if (document.text() != null) {
                    training.add(document.text());
                }
            });
        }
        TrainedTokenizer trained = training.train(vocabulary, largest);
        Files.createDirectories(out);
        corpus.out().println(trained.write(out) + ": " + trained.vocabulary().size() + " tokens");
        return ExitStatus.DONE;
    }

    private static void require(String option, int value, int min) {
        if (value < min || value > MAX) {
            throw new BadInputException(option + ": expected " + min + " to " + MAX + ", got " + value);
        }
    }
}
