package dev.wellspring.run.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.run.RunRefusedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchReaderTest {
    private static final Sharding SHARDING = new Sharding(40, 8, 100, -1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyChunkComesOnceInOrderAndNoBatchIsTooLarge(long seed) {
        List<DocumentChunk> chunks = chunks(seed, 200);
        List<Batch> batches = read(new Listed(chunks), SHARDING, 0, 0);
        assertThat(batches.stream().flatMap(batch -> batch.chunks().stream())).containsExactlyElementsOf(chunks);
        assertThat(batches)
                .allMatch(batch -> batch.pack().rows() <= 40 && batch.chunks().size() <= 8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void startingAgainAtAnyShardGivesTheSameBatches(long seed) {
        var source = new Listed(chunks(seed, 200));
        List<Batch> all = read(source, SHARDING, 0, 0);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).endsShard()) {
                List<Batch> rest =
                        read(source, SHARDING, all.get(i).endChunk(), all.get(i).shard() + 1);
                assertThat(rest).isEqualTo(all.subList(i + 1, all.size()));
            }
        }
    }

    @Test
    void limitCountsDocumentsNotParts() {
        List<DocumentChunk> chunks = List.of(chunk("a", 0, 5), chunk("a", 1, 5), chunk("b", 0, 5), chunk("c", 0, 5));
        List<Batch> batches = read(new Listed(chunks), new Sharding(40, 8, 100, 2), 0, 0);
        assertThat(batches.stream().flatMap(batch -> batch.chunks().stream()))
                .containsExactlyElementsOf(chunks.subList(0, 3));
    }

    @Test
    void limitCountsTheDocumentsBeforeThePlaceToGoOn() {
        List<DocumentChunk> chunks = List.of(chunk("a", 0, 5), chunk("a", 1, 5), chunk("b", 0, 5), chunk("c", 0, 5));
        List<Batch> rest = read(new Listed(chunks), new Sharding(40, 8, 10, 2), 2, 1);
        assertThat(rest.stream().flatMap(batch -> batch.chunks().stream())).containsExactly(chunks.get(2));
        assertThat(rest.getFirst().firstChunk()).isEqualTo(2);
    }

    @Test
    void failureOfTheSourceReachesTheReader() {
        var source = new Listed(List.of(chunk("a", 0, 60)));
        try (var reader = new BatchReader(source, SHARDING, 0, 0)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("a: expected at most 40");
        }
    }

    @Test
    void closingEarlyEndsTheThread() {
        try (var reader = new BatchReader(new Listed(chunks(1, 10_000)), SHARDING, 0, 0)) {
            assertThat(reader.next()).isNotNull();
        }
    }

    private static List<Batch> read(DocumentSource source, Sharding sharding, long skip, int shard) {
        var batches = new ArrayList<Batch>();
        try (var reader = new BatchReader(source, sharding, skip, shard)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                batches.add(batch);
            }
        }
        return batches;
    }

    private static List<DocumentChunk> chunks(long seed, int count) {
        var random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> chunk("d" + i, 0, 2 + random.nextInt(39)))
                .toList();
    }

    private static DocumentChunk chunk(String id, int part, int tokens) {
        return new DocumentChunk(id, part, null, new int[tokens], "", "{}");
    }

    private record Listed(List<DocumentChunk> chunks) implements DocumentSource {
        @Override
        public String digest() {
            return "listed";
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(chunks.size());
        }

        @Override
        public SortedMap<String, Long> skipped() {
            return new TreeMap<>();
        }

        @Override
        public Chunks open(long skip) {
            Iterator<DocumentChunk> rest =
                    chunks.subList(Math.toIntExact(skip), chunks.size()).iterator();
            return new Chunks() {
                @Override
                public boolean hasNext() {
                    return rest.hasNext();
                }

                @Override
                public DocumentChunk next() {
                    return rest.next();
                }

                @Override
                public void close() {}
            };
        }
    }
}
