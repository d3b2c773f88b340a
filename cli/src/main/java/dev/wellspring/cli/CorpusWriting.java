package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.queries.synthesis.CorpusShards;
import dev.wellspring.queries.synthesis.CorpusShards.Shard;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.WorkerPool;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Writes the files of a corpus that are not there yet, several at a time. The folder's manifest says which are: one
/// that is in it is whole, as it is noted after it has its final name.
final class CorpusWriting {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CorpusShards files;
    private final RunFolder folder;
    private final RunScope scope;
    private final TreeMap<Integer, Shard> written = new TreeMap<>();

    CorpusWriting(CorpusShards files, RunFolder folder, RunScope scope) {
        this.files = files;
        this.folder = folder;
        this.scope = scope;
        for (int shard = 0; shard < files.shards(); shard++) {
            Object noted = folder.manifest().results().get(files.file(shard));
            if (noted != null && Files.exists(folder.resolve(files.file(shard)))) {
                written.put(shard, JSON.convertValue(noted, Shard.class));
            }
        }
    }

    /// Returns all files in order, whoever wrote them.
    ///
    /// @throws dev.wellspring.run.CancelledException when the user asked to stop; whole files are kept
    List<Shard> run(int threads) {
        List<Integer> missing = IntStream.range(0, files.shards())
                .filter(shard -> !written.containsKey(shard))
                .boxed()
                .toList();
        if (!missing.isEmpty() && !written.isEmpty()) {
            scope.progress().note("going on after " + done());
        }
        scope.progress()
                .start("corpus", missing.stream().mapToLong(files::documents).sum(), "documents");
        try (var pool = new WorkerPool(Math.clamp(missing.size(), 1, threads))) {
            pool.forRanges(missing.size(), (from, to) -> {
                for (int shard : missing.subList((int) from, (int) to)) {
                    scope.cancellation().check(done());
                    note(shard, files.write(shard, count -> scope.progress().advance(count, 0)));
                }
            });
        }
        scope.progress().finish();
        return new ArrayList<>(written.values());
    }

    private synchronized void note(int shard, Shard whole) {
        folder.record(whole.file(), JSON.convertValue(whole, Map.class)); // as it comes back, so that bytes agree
        written.put(shard, whole);
    }

    private synchronized String done() {
        return written.size() + " of " + files.shards() + " files";
    }
}
