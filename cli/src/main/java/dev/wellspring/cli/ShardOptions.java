package dev.wellspring.cli;

import picocli.CommandLine.Option;

/// Mixin: how often work is committed.
final class ShardOptions {
    @Option(
            names = "--shard-tokens",
            paramLabel = "N",
            defaultValue = "262144",
            description =
                    "Work is committed in shards of this many tokens; a kill costs at most one. Default: ${DEFAULT-VALUE}.")
    private long shardTokens = 262_144;

    /// @throws BadInputException when it is not positive
    long tokens() {
        if (shardTokens < 1) {
            throw new BadInputException("--shard-tokens: expected at least 1, got " + shardTokens);
        }
        return shardTokens;
    }
}
