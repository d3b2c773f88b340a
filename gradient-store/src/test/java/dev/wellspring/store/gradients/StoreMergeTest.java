package dev.wellspring.store.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreMergeTest {
    private static final GradientLayout LAYOUT = SampleGradients.layout(Precision.BFLOAT16);

    @TempDir
    private Path folder;

    private Path one;
    private Path two;
    private Path target;

    @BeforeEach
    void makeStores() throws IOException {
        one = Files.createDirectory(folder.resolve("one"));
        two = Files.createDirectory(folder.resolve("two"));
        target = Files.createDirectory(folder.resolve("target"));
        SampleGradients.store(one, LAYOUT, List.of(), 10, 2100);
        GradientStoreWriter writer = new GradientStoreWriter(two, LAYOUT, List.of());
        SampleGradients.write(writer.folders().getFirst(), 0, LAYOUT, 2110, 20);
        writer.commit(1);
    }

    private void requireMerged() {
        assertThat(StoreVerifier.verify(target, _ -> {})).isEmpty();
        try (GradientStore opened = GradientStore.open(target)) {
            assertThat(SampleGradients.read(opened))
                    .isEqualTo(SampleGradients.parts(SampleGradients.rows(LAYOUT, 0, 2130)));
        }
    }

    @Test
    void aMergedStoreHoldsTheShardsOfAllInOrder() throws IOException {
        GradientSnapshot merged = StoreMerge.merge(target, List.of(), List.of(one, two));
        assertThat(merged.shards()).extracting(ShardEntry::documents).containsExactly(10L, 2100L, 20L);
        requireMerged();
        Path from = two.resolve("shards/gradients-00000.arrow");
        Path into = target.resolve("shards/gradients-00002.arrow");
        assertThat(Files.getAttribute(into, "unix:ino")).isEqualTo(Files.getAttribute(from, "unix:ino"));
        Files.delete(from);
        requireMerged();
    }

    @Test
    void shardsAreCopiedToAnotherFileSystem() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)),
                "needs a second file system");
        Path disk = Files.createTempDirectory(memory, "wellspring-test");
        try {
            StoreMerge.merge(target, List.of(disk), List.of(one, two));
            requireMerged();
            try (GradientStore opened = GradientStore.open(target)) {
                assertThat(opened.folders()).containsExactly(disk.resolve("wellspring-0123456789ab"));
            }
        } finally {
            delete(disk);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aRepairedShardIsMergedAsAnyOther() throws IOException {
        Path file = one.resolve("shards/gradients-00000.arrow");
        Damage.flip(file, Damage.bitIn(file, 0, Damage.Where.GRADIENTS));
        StoreRepair.rebuild(
                one,
                (lost, _, sink) -> SampleGradients.rows(LAYOUT, 0, lost.rows())
                        .forEach(row -> sink.write(row.document(), row.segments(), row.scales())),
                _ -> {});
        StoreMerge.merge(target, List.of(), List.of(one, two));
        requireMerged();
        assertThat(target.resolve("shards/gradients-00000.arrow")).exists();
    }

    @Test
    void storesOfOtherSettingsAreRefusedByWhatDiffers() throws IOException {
        Path three = Files.createDirectory(folder.resolve("three"));
        GradientLayout other = new GradientLayout("fedcba9876543210", LAYOUT.modules(), Precision.INT8);
        SampleGradients.store(three, other, List.of(), 5);
        assertThatThrownBy(() -> StoreMerge.merge(target, List.of(), List.of(one, two, three)))
                .hasMessage(three + ": cannot be merged with " + one + ": it has precision int8, not bfloat16; "
                        + "identity fedcba987654…, not 0123456789ab… (made with another model, other factors or "
                        + "other settings); index its documents with the settings of the other");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void whatFailsLeavesNothing() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Files.delete(two.resolve("shards/gradients-00000.arrow"));
        assertThatThrownBy(() -> StoreMerge.merge(target, List.of(disk), List.of(one, two)))
                .hasMessageStartingWith(two + ": shard 0, gradients-00000.arrow, is missing");
        assertThat(target).isEmptyDirectory();
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void aStoreIsNotMergedInto() {
        assertThatThrownBy(() -> StoreMerge.merge(one, List.of(), List.of(two)))
                .hasMessage(one + ": holds a store, or the beginning of one; give a new or empty folder");
    }
}
