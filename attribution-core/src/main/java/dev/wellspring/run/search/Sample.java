package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Documents of a store drawn at random, without replacement.
final class Sample {
    private final NavigableMap<Integer, NavigableSet<Long>> rows = new TreeMap<>();

    /// @param count how many; all where there are fewer
    Sample(long[] shardDocuments, int count, long seed) {
        long total = 0;
        for (long documents : shardDocuments) {
            total += documents;
        }
        NavigableSet<Long> drawn = new TreeSet<>();
        var random = new SplittableRandom(seed);
        for (long last = total - Math.min(count, total); last < total; last++) { // Floyd's algorithm
            long one = random.nextLong(last + 1);
            drawn.add(drawn.contains(one) ? last : one);
        }
        long before = 0;
        for (int shard = 0; shard < shardDocuments.length; shard++) {
            NavigableSet<Long> own = new TreeSet<>();
            for (long number : drawn.subSet(before, before + shardDocuments[shard])) {
                own.add(number - before);
            }
            rows.put(shard, own);
            before += shardDocuments[shard];
        }
    }

    /// The rows of a batch that were drawn.
    List<Integer> rowsOf(StoredBatch batch) {
        List<Integer> drawn = new ArrayList<>();
        NavigableSet<Long> shard = rows.getOrDefault(batch.shard(), new TreeSet<>());
        for (long row : shard.subSet(batch.firstRow(), batch.firstRow() + batch.rows())) {
            drawn.add((int) (row - batch.firstRow()));
        }
        return drawn;
    }
}
