package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: which documents, and how they become token ids.
final class DocumentOptions {
    @Option(
            names = "--documents",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Documents: JSONL or CSV (also .gz, .zst), Parquet, Arrow IPC; fields text or tokens, id, source.")
    List<Path> files = List.of();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Longer documents are split into parts of at most this many tokens. Default: 512, or what the"
                    + " model can read.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--strict",
            description = "Fail on a document that is empty or one token long, instead of skipping and counting it.")
    boolean strict;

    /// The most tokens in one part: one more than the model reads, since the last is only predicted.
    int maxTokens(DecoderConfig config) {
        int possible = (int) Math.min(config.longestSequence() + 1L, Integer.MAX_VALUE);
        if (maxTokens == null) {
            return Math.min(Tokenisation.DEFAULT_MAX_TOKENS, possible);
        }
        if (maxTokens < 2 || maxTokens > possible) {
            throw new BadInputException(
                    "--max-tokens: expected 2 to " + possible + " for this model, got " + maxTokens);
        }
        return maxTokens;
    }

    /// The same options, to be handed on.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--documents"));
        files.forEach(file -> arguments.add(file.toString()));
        if (maxTokens != null) {
            arguments.addAll(List.of("--max-tokens", maxTokens.toString()));
        }
        if (strict) {
            arguments.add("--strict");
        }
        return arguments;
    }

    /// The documents for a model.
    CorpusSource open(Tokenizer tokenizer, DecoderConfig config) {
        return CorpusSource.of(files, tokenizer, new Tokenisation(maxTokens(config), config.vocabulary(), strict));
    }
}
