package dev.wellspring.cli;

import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.TokenisedCorpus;
import dev.wellspring.queries.token.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// Mixin: which documents, and how they become token ids.
final class DocumentOptions {
    @Option(
            names = "--documents",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Documents: JSONL or CSV (also .gz, .zst), Parquet, Arrow IPC; fields text or tokens, id, source.")
    List<Path> files = List.of();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Longer documents are split into parts of at most this many tokens. Default: ${DEFAULT-VALUE}.")
    int maxTokens = Tokenisation.DEFAULT_MAX_TOKENS;

    @Option(
            names = "--strict",
            description = "Fail on a document that is empty or one token long, instead of skipping and counting it.")
    boolean strict;

    @Option(
            names = "--shard-tokens",
            paramLabel = "N",
            defaultValue = "262144",
            description = "Work is committed in shards of this many tokens; a kill costs at most one. Default: ${DEFAULT-VALUE}.")
    long shardTokens = 262_144;

    /// The documents for a model with so many token ids.
    CorpusSource open(Tokenizer tokenizer, int vocabularySize) {
        if (maxTokens < 2) {
            throw new BadInputException("--max-tokens: expected at least 2, got " + maxTokens);
        }
        if (shardTokens < 1) {
            throw new BadInputException("--shard-tokens: expected at least 1, got " + shardTokens);
        }
        return new CorpusSource(new TokenisedCorpus(
                Corpus.of(files), tokenizer, new Tokenisation(maxTokens, vocabularySize, strict)));
    }
}
