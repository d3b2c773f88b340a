package dev.wellspring.store.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GradientShardTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void everyPrecisionComesBackBitForBit(Precision precision) throws IOException {
        GradientLayout layout = SampleGradients.layout(precision);
        Path file = SampleGradients.write(folder, 7, layout, 0, 5000);

        try (GradientShardReader reader = GradientShardReader.open(file)) {
            assertThat(reader.layout()).isEqualTo(layout);
            assertThat(reader.documents()).isEqualTo(5000);
            assertThat(reader.batchCount()).isEqualTo(3);
            assertThat(reader.verify()).isEmpty();
            assertThat(SampleGradients.read(reader))
                    .isEqualTo(SampleGradients.parts(SampleGradients.rows(layout, 0, 5000)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void batchesAreAlignedViewsOfTheFile(Precision precision) throws IOException {
        GradientLayout layout = SampleGradients.layout(precision);
        try (GradientShardReader reader = GradientShardReader.open(SampleGradients.write(folder, 0, layout, 0, 2100))) {
            assertThat(reader.batches()).hasSize(2).allSatisfy(batch -> {
                batch.load();
                assertThat(batch.damage()).isNull();
                for (int module = 0; module < 2; module++) {
                    MemorySegment values = batch.values(module);
                    assertThat(values.isMapped()).isTrue();
                    assertThat(values.isReadOnly()).isTrue();
                    assertThat(values.address() % 64).isZero();
                    assertThat(batch.scales(module) != null).isEqualTo(precision.hasScales());
                }
            });
            assertThat(reader.batch(1).firstRow()).isEqualTo(2048);
            assertThat(reader.batch(1).rows()).isEqualTo(52);
            assertThat(reader.batch(1).gradientNorm(3))
                    .isEqualTo(SampleGradients.row(layout, 2051).document().gradientNorm());
            assertThat(reader.document(2051).extras()).isEqualTo("{\"n\":2051}");
            assertThat(reader.batch(1).name()).isEqualTo(folder.resolve("gradients-00000.arrow") + ", batch 1 of 2");
        }
    }

    @Test
    void theSameDocumentsGiveTheSameBytes() throws IOException {
        GradientLayout layout = SampleGradients.layout(Precision.INT8);
        Path one = SampleGradients.write(folder, 0, layout, 0, 3000);
        Path other = SampleGradients.write(folder, 1, layout, 0, 3000);
        assertThat(one).hasSameBinaryContentAs(other);
    }

    @Test
    void aShardOfNoDocumentsIsAShard() throws IOException {
        try (GradientShardReader reader =
                GradientShardReader.open(SampleGradients.write(folder, 0, SampleGradients.narrow(), 0, 0))) {
            assertThat(reader.documents()).isZero();
            assertThat(reader.batches()).isEmpty();
            assertThat(reader.verify()).isEmpty();
        }
    }

    /// 8 MiB of gradients in blocks of 16 rows, while there is room for one.
    @ParameterizedTest
    @CsvSource({
        "1, 1, INT8, 2048",
        "64, 64, FLOAT32, 512",
        "64, 64, INT8, 2032", // 4,100 bytes each: the scale counts
        "64, 63, FLOAT64, 256",
        "1000, 100, FLOAT32, 16",
        "1000, 1000, BFLOAT16, 4",
        "1000, 2000, FLOAT64, 1",
    })
    void batchesAreSizedForTheCache(int gradients, int activations, Precision precision, int rows) {
        StoredModule module = new StoredModule("m", gradients, activations, 0);
        assertThat(GradientFormat.rowsPerBatch(new GradientLayout("s", List.of(module), precision)))
                .isEqualTo(rows);
    }

    @Test
    void longExtrasEndABatchEarly() throws IOException {
        GradientLayout layout = SampleGradients.narrow();
        SampleGradients.Row row = SampleGradients.row(layout, 0);
        String extras = "x".repeat(30 << 20);
        Path file = folder.resolve("gradients-00000.arrow");
        try (GradientShardWriter writer = new GradientShardWriter(0, layout)) {
            for (int i = 0; i < 4; i++) {
                writer.write(withExtras(row, extras), row.segments(), row.scales());
                assertThat(writer.byteSize()).isBetween((i + 1) * (30L << 20), (i + 1) * (31L << 20));
            }
            try (EncodedShard shard = writer.finish()) {
                assertThat(shard.documents()).isEqualTo(4);
                shard.writeTo(folder);
                assertThat(file).hasSize(shard.byteSize());
            }
        }
        try (GradientShardReader reader = GradientShardReader.open(file)) {
            assertThat(reader.batches().map(GradientBatch::rows)).containsExactly(3, 1);
            assertThat(reader.document(3).extras()).isEqualTo(extras);
        }
    }

    private static StoredDocument withExtras(SampleGradients.Row row, String extras) {
        var d = row.document();
        return new StoredDocument(
                d.document(),
                d.part(),
                d.source(),
                d.tokens(),
                d.loss(),
                d.gradientNorm(),
                d.error(),
                d.preview(),
                extras);
    }

    @Test
    void numbersThatDoNotFitTheLayoutAreRefused() {
        GradientLayout layout = SampleGradients.layout(Precision.FLOAT32);
        SampleGradients.Row row = SampleGradients.row(layout, 0);
        try (GradientShardWriter writer = new GradientShardWriter(0, layout)) {
            assertThatThrownBy(() -> writer.write(row.document(), row.segments().subList(0, 1), new float[0]))
                    .hasMessage("values: expected 2, got 1");
            assertThatThrownBy(() -> writer.write(row.document(), row.segments().reversed(), new float[0]))
                    .hasMessage("bytes of module layers.0.mlp.up: expected 60, got 48");
            assertThatThrownBy(() -> writer.write(row.document(), row.segments(), new float[2]))
                    .hasMessage("scales: expected 0, got 2");
        }
    }

    @Test
    void aGradientThatNoArrayHoldsIsRefused() {
        List<StoredModule> modules = List.of(new StoredModule("m", 1 << 15, 1 << 14, 0));
        assertThatThrownBy(() -> new GradientShardWriter(0, new GradientLayout("s", modules, Precision.FLOAT32)))
                .hasMessage("module m: expected a gradient of at most 2147483583 bytes, got 2147483648; "
                        + "keep fewer directions of it");
        new GradientShardWriter(0, new GradientLayout("s", modules, Precision.BFLOAT16)).close();
    }

    @Test
    void aFinishedWriterTakesNoMore() {
        GradientLayout layout = SampleGradients.layout(Precision.FLOAT32);
        SampleGradients.Row row = SampleGradients.row(layout, 0);
        try (GradientShardWriter writer = new GradientShardWriter(3, layout);
                EncodedShard shard = writer.finish()) {
            assertThat(shard.shard()).isEqualTo(3);
            assertThatThrownBy(() -> writer.write(row.document(), row.segments(), new float[0]))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void memoryGoesWhenItsOwnerIsClosed() throws IOException {
        EncodedShard shard = SampleGradients.encode(0, SampleGradients.narrow(), 0, 10);
        shard.close();
        assertThatThrownBy(() -> shard.writeTo(folder)).isInstanceOf(IllegalStateException.class);
        assertThat(folder).isEmptyDirectory();

        ShardImage image = new ShardImage();
        image.write(new byte[100], 0, 100);
        image.close();
        assertThatThrownBy(() -> image.write(new byte[100], 0, 100)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMappedFileMayBeReplacedAndIsLetGoOfByClosing() throws IOException {
        GradientLayout layout = SampleGradients.narrow();
        Path file = SampleGradients.write(folder, 0, layout, 0, 10);
        GradientShardReader reader = GradientShardReader.open(file);
        GradientBatch batch = reader.batch(0);
        SampleGradients.write(folder, 0, layout, 100, 10);
        assertThat(batch.damage()).isNull();
        assertThat(batch.document(0).extras()).isEqualTo("{\"n\":0}");
        Files.delete(file);
        assertThat(batch.document(1).extras()).isEqualTo("{\"n\":1}");

        MemorySegment values = batch.values(0);
        reader.close();
        assertThatThrownBy(() -> values.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.document(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(batch::damage).isInstanceOf(IllegalStateException.class);
        reader.close();
    }
}
