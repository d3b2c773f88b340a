package dev.wellspring.store.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.ArrowWriter;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientDamageTest {
    private static final GradientLayout LAYOUT = SampleGradients.narrow();

    @TempDir
    private Path folder;

    private Path store;
    private List<Path> disks;

    @BeforeEach
    void makeFolders() throws IOException {
        store = Files.createDirectory(folder.resolve("store"));
        disks = List.of(Files.createDirectory(folder.resolve("a")), Files.createDirectory(folder.resolve("b")));
    }

    private Path shard(int number) {
        return disks.get(number % 2).resolve("wellspring-0123456789ab").resolve("gradients-0000" + number + ".arrow");
    }

    @Test
    void everyFlippedBitIsFoundAndItsBatchNamed() throws IOException {
        SampleGradients.store(store, LAYOUT, disks, 2060, 100, 50);
        assertThat(StoreVerifier.verify(store, _ -> {})).isEmpty();
        List<Path> files = List.of(store.resolve("store.json"), shard(0), shard(1), shard(2));
        long bit = 0;
        int flipped = 0;
        for (Path file : files) {
            List<ArrowBlock> blocks = file.toString().endsWith("json") ? List.of() : Damage.blocks(file);
            long bits = Files.size(file) * Byte.SIZE;
            for (; bit < bits; bit += 997) {
                Damage.flip(file, bit);
                requireNoticed(file, bit, batchAt(blocks, bit / Byte.SIZE), blocks.size());
                Damage.flip(file, bit);
                flipped++;
            }
            bit -= bits;
        }
        assertThat(flipped).isGreaterThan(1900);
        assertThat(StoreVerifier.verify(store, _ -> {})).isEmpty();
    }

    /// −1 for what is in no batch.
    private static int batchAt(List<ArrowBlock> blocks, long position) {
        for (int i = 0; i < blocks.size(); i++) {
            ArrowBlock block = blocks.get(i);
            long end = block.getOffset() + block.getMetadataLength() + block.getBodyLength();
            if (position >= block.getOffset() && position < end) {
                return i;
            }
        }
        return -1;
    }

    private void requireNoticed(Path file, long bit, int batch, int batches) {
        String at = "bit " + bit + " of " + file;
        String named = batch < 0 ? file.toString() : file + ": batch " + batch + " of " + batches + " is damaged";
        assertThat(StoreVerifier.verify(store, _ -> {}))
                .as(at)
                .singleElement()
                .asString()
                .startsWith(named)
                .doesNotContain("\n");
        try (GradientStore opened = GradientStore.open(store)) {
            List<GradientBatch> damaged =
                    opened.batches().filter(one -> one.damage() != null).toList();
            if (batch < 0) {
                assertThat(damaged).as(at).isEmpty(); // the schema or the end-of-stream marker, which nothing reads
            } else {
                assertThat(damaged)
                        .as(at)
                        .singleElement()
                        .extracting(GradientBatch::damage)
                        .asString()
                        .startsWith(named);
            }
        } catch (StoreFileException refused) {
            assertThat(batch).as(at).isEqualTo(-1);
            assertThat(refused).hasMessageStartingWith(file.toString());
        }
    }

    @Test
    void everyFlippedBitOfTheListOfDisksIsFound() throws IOException {
        SampleGradients.store(store, LAYOUT, disks, 10, 10);
        Path file = store.resolve("disks.json");
        for (long bit = 0; bit < Files.size(file) * Byte.SIZE; bit++) {
            Damage.flip(file, bit);
            assertThat(StoreVerifier.verify(store, _ -> {})).as("bit " + bit).isNotEmpty();
            assertThatThrownBy(() -> GradientStore.open(store)).isInstanceOf(StoreFileException.class);
            Damage.flip(file, bit);
        }
        assertThat(StoreVerifier.verify(store, _ -> {})).isEmpty();
    }

    @Test
    void aTruncatedFileIsNamedInOneLine() throws IOException {
        SampleGradients.store(store, LAYOUT, disks, 2060, 100);
        byte[] whole = Files.readAllBytes(shard(0));
        for (int length = 0; length < whole.length; length += 1000) {
            Files.write(shard(0), Arrays.copyOf(whole, length));
            assertThatExceptionOfType(StoreFileException.class)
                    .isThrownBy(() -> GradientStore.open(store))
                    .withMessageStartingWith(shard(0).toString())
                    .withMessageContaining(length + " bytes")
                    .withMessageNotContaining("\n");
            assertThat(StoreVerifier.verify(store, _ -> {}))
                    .singleElement()
                    .asString()
                    .startsWith(shard(0).toString());
        }
    }

    @Test
    void everyDamagedBatchIsReported() throws IOException {
        SampleGradients.store(store, LAYOUT, disks, 5000, 100);
        Damage.flip(shard(0), Damage.bitIn(shard(0), 0, Damage.Where.HEAD));
        Damage.flip(shard(0), Damage.bitIn(shard(0), 1, Damage.Where.DOCUMENTS));
        Damage.flip(shard(0), Damage.bitIn(shard(0), 2, Damage.Where.GRADIENTS));
        Damage.flip(shard(1), 80); // the schema
        assertThat(StoreVerifier.verify(store, _ -> {}))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).endsWith("; repair the store, or index again"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(shard(0) + ": batch 0 of 3 is damaged"),
                        line -> assertThat(line).startsWith(shard(0) + ": batch 1 of 3 is damaged"),
                        line -> assertThat(line).startsWith(shard(0) + ": batch 2 of 3 is damaged"),
                        line -> assertThat(line).startsWith(shard(1) + ": schema is damaged"));
    }

    @Test
    void aDocumentOfDamagedBytesIsNotShown() throws IOException {
        SampleGradients.store(store, LAYOUT, disks, 100);
        Damage.flip(shard(0), Damage.bitIn(shard(0), 0, Damage.Where.DOCUMENTS));
        try (GradientStore opened = GradientStore.open(store)) {
            assertThatThrownBy(() -> opened.document(0, 5))
                    .isInstanceOf(StoreFileException.class)
                    .hasMessageStartingWith(shard(0) + ": batch 0 of 1 is damaged");
        }
    }

    /// As when a disk fails under a mapping.
    @Test
    void pagesThatCannotBeReadAreAnErrorAndNoCrash() throws IOException {
        SampleGradients.store(store, LAYOUT, disks, 2048);
        try (GradientStore opened = GradientStore.open(store)) {
            GradientBatch batch = opened.batches().findFirst().orElseThrow();
            batch.load();
            try (FileChannel channel = FileChannel.open(shard(0), StandardOpenOption.WRITE)) {
                channel.truncate(1000);
            }
            assertThatThrownBy(batch::load)
                    .isInstanceOf(StoreFileException.class)
                    .hasMessage(shard(0) + ": batch 0 of 1 cannot be read: the disk beneath it fails");
            assertThat(batch.damage()).startsWith(shard(0) + ": batch 0 of 1 ");
        }
    }

    @Test
    void somethingElseIsNotAShard() throws IOException {
        Path file = Files.writeString(folder.resolve("x.arrow"), "query,document\n".repeat(100));
        assertThatThrownBy(() -> GradientShardReader.open(file)).hasMessageContaining("is not a shard of gradients");
        assertThatThrownBy(() -> GradientShardReader.open(folder.resolve("y.arrow")))
                .hasMessage(folder.resolve("y.arrow") + ": does not exist");
    }

    @Test
    void anotherVersionIsRefusedByName() throws IOException {
        Path file = folder.resolve("x.arrow");
        ArrowSchema schema = GradientFormat.schema(LAYOUT);
        schema.metadata().put("wellspring.version", "2");
        try (ArrowWriter writer = new ArrowWriter(file, schema)) {
            writer.commit();
        }
        assertThatThrownBy(() -> GradientShardReader.open(file))
                .hasMessage(file + ": expected format wellspring-gradients version 1, found wellspring-gradients "
                        + "version 2; read it with the release that wrote it");

        SampleGradients.store(store, LAYOUT, disks, 5);
        Path json = store.resolve("store.json");
        Files.writeString(json, Files.readString(json).replace("\"version\" : 1", "\"version\" : 2"));
        assertThatThrownBy(() -> GradientStore.open(store))
                .hasMessage(json + ": expected format wellspring-gradient-store version 1, found "
                        + "wellspring-gradient-store version 2; read it with the release that wrote it");
    }

    @Test
    void columnsThatAreNotThoseOfTheLayoutAreRefused() {
        Path file = folder.resolve("x.arrow");
        ArrowSchema schema = GradientFormat.schema(LAYOUT);
        schema.metadata().put("wellspring.precision", "float64");
        try (ArrowWriter writer = new ArrowWriter(file, schema)) {
            writer.commit();
        }
        assertThatThrownBy(() -> GradientShardReader.open(file))
                .hasMessage(file + ": has other columns than its metadata says; index again");
    }

    @Test
    void aFullDiskIsNamedAndTheShardGoesToAnother() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "only Linux has a device that is always full");
        GradientStoreWriter writer = new GradientStoreWriter(store, LAYOUT, disks);
        Path first = writer.folders().getFirst();
        Files.createSymbolicLink(PartFile.part(ShardFile.path(first, 0, 0)), full);

        try (EncodedShard encoded = SampleGradients.encode(0, LAYOUT, 0, 100)) {
            assertThatThrownBy(() -> encoded.writeTo(first))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessage(first.resolve("gradients-00000.arrow") + ": No space left on device");
            assertThat(first).isEmptyDirectory();
            encoded.writeTo(writer.folders().getLast());
        }
        writer.commit(1);
        try (GradientStore opened = GradientStore.open(store)) {
            assertThat(SampleGradients.read(opened))
                    .isEqualTo(SampleGradients.parts(SampleGradients.rows(LAYOUT, 0, 100)));
        }
    }

    @Test
    void aMissingFolderIsNamed() {
        try (EncodedShard encoded = SampleGradients.encode(0, LAYOUT, 0, 1)) {
            Path missing = folder.resolve("missing");
            assertThatThrownBy(() -> encoded.writeTo(missing))
                    .isInstanceOf(IOException.class)
                    .hasMessage(missing.resolve("gradients-00000.arrow") + ": No such file or directory");
        }
    }

    @Test
    void aReadOnlyFolderIsNamed() throws IOException {
        try (EncodedShard encoded = SampleGradients.encode(0, LAYOUT, 0, 1)) {
            Path closed = Files.createDirectory(folder.resolve("closed"));
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
            assumeTrue(!Files.isWritable(closed), "nothing is read-only to the super-user");
            assertThatThrownBy(() -> encoded.writeTo(closed))
                    .isInstanceOf(IOException.class)
                    .hasMessage(closed.resolve("gradients-00000.arrow") + ": Permission denied");
            assertThatThrownBy(() -> new GradientStoreWriter(store, LAYOUT, List.of(closed)))
                    .hasMessage(closed.resolve("wellspring-0123456789ab")
                            + ": cannot be made (Permission denied); make room or give another --disk");
            assertThat(store).isEmptyDirectory();
        }
    }

    /// The super-user, too, finds folders that take nothing.
    @Test
    void aReadOnlyFileSystemIsNamed() {
        Path closed = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(closed), "only Linux has it");
        try (EncodedShard encoded = SampleGradients.encode(0, LAYOUT, 0, 1)) {
            assertThatThrownBy(() -> encoded.writeTo(closed))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("/proc/self/gradients-00000.arrow: ");
        }
        assertThatThrownBy(() -> new GradientStoreWriter(store, LAYOUT, List.of(closed)))
                .isInstanceOf(StoreFileException.class)
                .hasMessageStartingWith("/proc/self/wellspring-0123456789ab: cannot be made (");
    }
}
