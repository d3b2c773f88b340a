package dev.wellspring.run.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.run.RunRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
        List<Batch> batches = read(new ListedDocuments(chunks), SHARDING, 0, 0);
        assertThat(batches.stream().flatMap(batch -> batch.chunks().stream())).containsExactlyElementsOf(chunks);
        assertThat(batches)
                .allMatch(batch -> batch.pack().rows() <= 40 && batch.chunks().size() <= 8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void startingAgainAtAnyShardGivesTheSameBatches(long seed) {
        var source = new ListedDocuments(chunks(seed, 200));
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
        List<Batch> batches = read(new ListedDocuments(chunks), new Sharding(40, 8, 100, 2), 0, 0);
        assertThat(batches.stream().flatMap(batch -> batch.chunks().stream()))
                .containsExactlyElementsOf(chunks.subList(0, 3));
    }

    @Test
    void limitCountsTheDocumentsBeforeThePlaceToGoOn() {
        List<DocumentChunk> chunks = List.of(chunk("a", 0, 5), chunk("a", 1, 5), chunk("b", 0, 5), chunk("c", 0, 5));
        List<Batch> rest = read(new ListedDocuments(chunks), new Sharding(40, 8, 10, 2), 2, 1);
        assertThat(rest.stream().flatMap(batch -> batch.chunks().stream())).containsExactly(chunks.get(2));
        assertThat(rest.getFirst().firstChunk()).isEqualTo(2);
    }

    @Test
    void failureOfTheSourceReachesTheReader() {
        var source = new ListedDocuments(List.of(chunk("a", 0, 60)));
        try (var reader = new BatchReader(source, SHARDING, 0, 0)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("a: expected at most 40");
        }
    }

    @Test
    void closingEarlyEndsTheThread() {
        try (var reader = new BatchReader(new ListedDocuments(chunks(1, 10_000)), SHARDING, 0, 0)) {
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
        return new DocumentChunk(id, part, null, new int[tokens], 0, "", "{}");
    }
}
