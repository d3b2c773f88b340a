package dev.wellspring.run.index;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Sharding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// The documents that one `index` put into a store: what they are, and how they became shards. It lies in the
/// store as `additions/00000/manifest.json`.
///
/// @param documents the digest of them
/// @param backend what computed their gradients
/// @param maxTokens the longest chunk
/// @param sharding how they were cut
/// @param firstShard the number of their first shard
/// @param chunks how many there are, or −1 while not all of them are indexed
public record Addition(
        String documents, String backend, int maxTokens, Sharding sharding, int firstShard, long chunks) {
    static final String KIND = "addition";
    /// The finding that says where its shards begin.
    static final String FIRST_SHARD = "first_shard";
    /// The finding that says how many chunks were indexed.
    static final String DOCUMENTS = "documents";

    private static final String MAX_TOKENS = "max-tokens";
    private static final String BACKEND = "backend";
    private static final String BATCH_ROWS = "batch-rows";
    private static final String SHARD_CHUNKS = "shard-chunks";

    /// The folder of one set of documents in a store.
    static Path folder(Path store, int number) {
        return store.resolve("additions").resolve(String.format(Locale.ROOT, "%05d", number));
    }

    /// How chunks are cut into batches of so many rows and shards of so many chunks.
    static Sharding sharding(int batchRows, long shardChunks) {
        return new Sharding(
                batchRows,
                (int) Math.min(MemoryBudget.batchDocuments(batchRows), shardChunks),
                Long.MAX_VALUE,
                shardChunks,
                -1);
    }

    /// The manifest of an addition that has not begun: what decides how documents become shards.
    static Manifest manifest(String version, String documents, String backend, int maxTokens, Sharding sharding) {
        return Manifest.of(
                KIND,
                version,
                Map.of("documents", documents),
                Map.of(
                        MAX_TOKENS,
                        Integer.toString(maxTokens),
                        BACKEND,
                        backend,
                        BATCH_ROWS,
                        Integer.toString(sharding.batchRows()),
                        SHARD_CHUNKS,
                        Long.toString(sharding.shardChunks())));
    }

    /// What was added to a store, in order, as far as its shards have begun.
    ///
    /// @throws RunRefusedException when a manifest is not readable
    public static List<Addition> of(Path store) {
        List<Addition> additions = new ArrayList<>();
        for (int number = 0; Files.exists(folder(store, number).resolve(Manifest.FILE)); number++) {
            Manifest manifest = Manifest.read(folder(store, number));
            if (manifest.results().get(FIRST_SHARD) instanceof Number first) {
                additions.add(read(folder(store, number), manifest, first.intValue()));
            }
        }
        return additions;
    }

    /// The largest chunks of a store, such as `512`, or `128 or 512` where its documents were not all split alike.
    /// Empty
    /// where nothing says so.
    public static String maxTokens(Path store) {
        return of(store).stream()
                .filter(addition -> addition.chunks() >= 0) // else its documents are not there yet
                .map(Addition::maxTokens)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" or "));
    }

    private static Addition read(Path folder, Manifest manifest, int firstShard) {
        SortedMap<String, String> settings = manifest.settings();
        try {
            return new Addition(
                    manifest.inputs().getOrDefault("documents", ""),
                    settings.getOrDefault(BACKEND, ""),
                    Integer.parseInt(settings.getOrDefault(MAX_TOKENS, "")),
                    sharding(
                            Integer.parseInt(settings.getOrDefault(BATCH_ROWS, "")),
                            Long.parseLong(settings.getOrDefault(SHARD_CHUNKS, ""))),
                    firstShard,
                    manifest.results().get(DOCUMENTS) instanceof Number chunks ? chunks.longValue() : -1);
        } catch (IllegalArgumentException broken) {
            throw new RunRefusedException(
                    folder.resolve(Manifest.FILE) + ": expected whole numbers for " + MAX_TOKENS + ", " + BATCH_ROWS
                            + " and " + SHARD_CHUNKS + ", found " + settings + "; index again",
                    broken);
        }
    }

    /// The number of a shard's first chunk, since the first document of this addition.
    public long firstChunk(int shard) {
        return (shard - firstShard) * sharding.shardChunks();
    }

    /// How many chunks were put into a shard, or −1 where that is not known.
    public long chunks(int shard) {
        return chunks < 0 ? -1 : Math.clamp(chunks - firstChunk(shard), 0, sharding.shardChunks());
    }
}
