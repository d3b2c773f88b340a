package dev.wellspring.store.gradients;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Stored gradients out of a seed, with the awkward strings that corpora hold. Document number n of a layout is always
/// the same, whichever shard it stands in.
final class SampleGradients {
    static final String IDENTITY = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final List<String> IDS =
            List.of("plain", "with,comma", "with \"quotes\"", "two\nlines", "Ünïcode 東京 🙂", "", " spaces ", "tab\t");

    private SampleGradients() {}

    /// One module kept whole, one as factors.
    static GradientLayout layout(Precision precision) {
        return new GradientLayout(
                IDENTITY,
                List.of(
                        new StoredModule("layers.0.mlp.up", 3, 5, 0),
                        new StoredModule("layers.0, \"mlp\" dówn", 4, 2, 2)),
                precision);
    }

    /// The smallest there is, so that few bytes make several batches.
    static GradientLayout narrow() {
        return new GradientLayout(IDENTITY, List.of(new StoredModule("m", 2, 1, 0)), Precision.INT8);
    }

    /// A document and its gradient.
    record Row(StoredDocument document, List<byte[]> values, float[] scales) {
        /// Everything in it, as something that can be compared.
        List<@Nullable Object> parts() {
            return Arrays.asList(
                    document.document(),
                    document.part(),
                    document.source(),
                    Arrays.toString(document.tokens()),
                    document.loss(),
                    document.gradientNorm(),
                    document.error(),
                    document.preview(),
                    document.extras(),
                    values.stream().map(Arrays::toString).toList(),
                    Arrays.toString(scales));
        }

        List<MemorySegment> segments() {
            return values.stream().map(MemorySegment::ofArray).toList();
        }
    }

    /// Every third has no source, every fifth is the second part of the document before it.
    static Row row(GradientLayout layout, long number) {
        Random random = new Random(number);
        int part = number % 5 == 4 ? 1 : 0;
        StoredDocument document = new StoredDocument(
                IDS.get((int) ((number - part) % IDS.size())) + (number - part),
                part,
                number % 3 == 0 ? null : "source " + number % 7,
                random.ints(2 + number % 4, 0, 50_000).toArray(),
                random.nextDouble() * 100,
                random.nextDouble(),
                random.nextDouble() / 100,
                "preview",
                "{\"n\":" + number + "}");
        List<byte[]> values = new ArrayList<>();
        float[] scales =
                new float[layout.precision().hasScales() ? layout.modules().size() : 0];
        for (StoredModule module : layout.modules()) {
            if (scales.length > 0) {
                scales[values.size()] = random.nextFloat();
            }
            byte[] bytes = new byte[module.values() * layout.precision().byteSize()];
            random.nextBytes(bytes);
            values.add(bytes);
        }
        return new Row(document, values, scales);
    }

    static List<Row> rows(GradientLayout layout, long from, long count) {
        List<Row> rows = new ArrayList<>();
        for (long number = from; number < from + count; number++) {
            rows.add(row(layout, number));
        }
        return rows;
    }

    static EncodedShard encode(int shard, GradientLayout layout, long from, long count) {
        try (GradientShardWriter writer = new GradientShardWriter(shard, layout)) {
            for (Row row : rows(layout, from, count)) {
                writer.write(row.document(), row.segments(), row.scales());
            }
            return writer.finish();
        }
    }

    /// Writes a shard of documents number `from` and following.
    static Path write(Path folder, int shard, GradientLayout layout, long from, long count) throws IOException {
        try (EncodedShard encoded = encode(shard, layout, from, count)) {
            encoded.writeTo(folder);
        }
        return ShardFile.path(folder, shard, 0);
    }

    /// A committed store whose shards of so many documents each go to its folders in turn.
    static GradientSnapshot store(Path store, GradientLayout layout, List<Path> disks, int... documents)
            throws IOException {
        GradientStoreWriter writer = new GradientStoreWriter(store, layout, disks);
        int shard = writer.shards();
        for (int count : documents) {
            Path folder = writer.folders().get(shard % writer.folders().size());
            write(folder, shard, layout, writer.documents(0) + sum(documents, shard - writer.shards()), count);
            shard++;
        }
        return writer.commit(shard);
    }

    private static long sum(int[] counts, int first) {
        return Arrays.stream(counts, 0, first).asLongStream().sum();
    }

    static Row read(StoredBatch batch, GradientLayout layout, int row) {
        List<byte[]> values = new ArrayList<>();
        float[] scales =
                new float[layout.precision().hasScales() ? layout.modules().size() : 0];
        for (StoredModule module : layout.modules()) {
            int m = values.size();
            int size = module.values() * layout.precision().byteSize();
            values.add(batch.values(m).asSlice((long) row * size, size).toArray(ValueLayout.JAVA_BYTE));
            if (scales.length > 0) {
                scales[m] = Objects.requireNonNull(batch.scales(m)).getAtIndex(ValueLayout.JAVA_FLOAT, row);
            }
        }
        return new Row(batch.document(row), values, scales);
    }

    static List<List<@Nullable Object>> read(GradientShardReader reader) {
        return reader.batches()
                .flatMap(batch -> read(batch, reader.layout()).stream())
                .toList();
    }

    static List<List<@Nullable Object>> read(GradientStore store) {
        return store.batches()
                .flatMap(batch -> read(batch, store.layout()).stream())
                .toList();
    }

    private static List<List<@Nullable Object>> read(StoredBatch batch, GradientLayout layout) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            rows.add(read(batch, layout, row).parts());
        }
        return rows;
    }

    static List<List<@Nullable Object>> parts(List<Row> rows) {
        return rows.stream().map(Row::parts).toList();
    }
}
