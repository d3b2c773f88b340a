package dev.wellspring.store.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientStoreTest {
    private static final GradientLayout LAYOUT = SampleGradients.layout(Precision.FLOAT32);
    private static final String NAME = "wellspring-0123456789ab";

    @TempDir
    private Path folder;

    private Path store;
    private Path a;
    private Path b;

    @BeforeEach
    void makeFolders() throws IOException {
        store = Files.createDirectory(folder.resolve("store"));
        a = Files.createDirectory(folder.resolve("a"));
        b = Files.createDirectory(folder.resolve("b"));
    }

    private static void requireDocuments(GradientStore opened, long count) {
        assertThat(opened.documents()).isEqualTo(count);
        assertThat(SampleGradients.read(opened))
                .isEqualTo(SampleGradients.parts(SampleGradients.rows(opened.layout(), 0, count)));
    }

    @Test
    void aStoreOverTwoDisksIsReadInOrderAndDiskByDisk() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a, b), 10, 2050, 0, 30);
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 2090);
            assertThat(opened.folders()).containsExactly(a.resolve(NAME), b.resolve(NAME));
            assertThat(opened.batches(a.resolve(NAME)).map(GradientBatch::shard))
                    .containsExactly(0);
            assertThat(opened.batches(b.resolve(NAME)).map(GradientBatch::name))
                    .containsExactly(
                            b.resolve(NAME).resolve("gradients-00001.arrow") + ", batch 0 of 2",
                            b.resolve(NAME).resolve("gradients-00001.arrow") + ", batch 1 of 2",
                            b.resolve(NAME).resolve("gradients-00003.arrow") + ", batch 0 of 1");
            assertThat(opened.document(1, 2049).extras()).isEqualTo("{\"n\":2059}");
            assertThatThrownBy(() -> opened.document(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void withoutDisksShardsLieInTheStore() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(), 10);
        assertThat(store.resolve("shards/gradients-00000.arrow")).exists();
        Path moved = Files.move(store, folder.resolve("moved"));
        try (GradientStore opened = GradientStore.open(moved)) {
            requireDocuments(opened, 10);
        }
    }

    @Test
    void aShardIsFoundWhereverItWasMoved() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a, b), 10, 20);
        String shard = "gradients-00000.arrow";
        Files.move(a.resolve(NAME).resolve(shard), b.resolve(NAME).resolve(shard));
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 30);
            assertThat(opened.folders()).containsExactly(b.resolve(NAME));
        }
        assertThat(StoreVerifier.verify(store, _ -> {})).isEmpty();
    }

    @Test
    void storesOfEqualIdentityShareADiskButNoFolder() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        SampleGradients.store(store, LAYOUT, List.of(a), 10);
        SampleGradients.store(other, LAYOUT, List.of(a), 5);
        SampleGradients.store(store, LAYOUT, List.of(a), 10); // appends
        assertThat(a.resolve(NAME).resolve("gradients-00001.arrow")).exists();
        assertThat(a.resolve(NAME + "-2")).isDirectoryContaining("glob:**/gradients-00000.arrow");
        try (GradientStore one = GradientStore.open(store);
                GradientStore two = GradientStore.open(other)) {
            requireDocuments(one, 20);
            requireDocuments(two, 5);
        }
    }

    @Test
    void aDiskGivenRelativelyMovesWithTheStore() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path relative = here.relativize(folder.resolve("a"));
        SampleGradients.store(store, LAYOUT, List.of(relative), 10);
        assertThat(store.resolve("disks.json")).content().contains("\"../a/" + NAME + "\"");

        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.move(store, elsewhere.resolve("store"));
        Files.move(a, elsewhere.resolve("a"));
        try (GradientStore opened = GradientStore.open(elsewhere.resolve("store"))) {
            requireDocuments(opened, 10);
        }
    }

    @Test
    void anAppendIsSeenByThoseWhoOpenLater() throws IOException {
        GradientSnapshot before = SampleGradients.store(store, LAYOUT, List.of(a), 10, 10);
        try (GradientStore early = GradientStore.open(store)) {
            GradientSnapshot after = SampleGradients.store(store, LAYOUT, List.of(b), 7);
            assertThat(after.shards()).hasSize(3).startsWith(before.shards().toArray(ShardEntry[]::new));
            assertThat(after.digest()).isNotEqualTo(before.digest());
            requireDocuments(early, 20);
            try (GradientStore late = GradientStore.open(store)) {
                requireDocuments(late, 27);
                assertThat(late.folders()).containsExactly(a.resolve(NAME), b.resolve(NAME));
            }
        }
    }

    @Test
    void whatIsNotCommittedIsNotInTheStore() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a), 10);
        SampleGradients.write(a.resolve(NAME), 1, LAYOUT, 10, 10);
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 10);
        }
        GradientStoreWriter writer = new GradientStoreWriter(store, LAYOUT, List.of());
        assertThat(writer.shards()).isEqualTo(2);
        assertThat(writer.documents(0)).isEqualTo(20);
        assertThat(writer.documents(1)).isEqualTo(10);
        writer.commit(2);
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 20);
        }
    }

    @Test
    void resumingTakesWhatIsWholeUpToAGapAndDropsTheRest() throws IOException {
        GradientStoreWriter killed = new GradientStoreWriter(store, LAYOUT, List.of(a, b));
        Path onA = killed.folders().getFirst();
        Path onB = killed.folders().getLast();
        SampleGradients.write(onA, 0, LAYOUT, 0, 10);
        SampleGradients.write(onB, 1, LAYOUT, 10, 10);
        SampleGradients.write(onA, 3, LAYOUT, 30, 10); // shard 2 was in another thread's hands
        Files.writeString(onB.resolve("gradients-00002.arrow.part"), "half");
        Files.writeString(onB.resolve("notes.txt"), "not ours");

        GradientStoreWriter resumed = new GradientStoreWriter(store, LAYOUT, List.of(a, b));
        assertThat(resumed.shards()).isEqualTo(2);
        assertThat(resumed.documents(0)).isEqualTo(20);
        assertThat(onA).isDirectoryContaining("glob:**/gradients-00000.arrow");
        assertThat(onA.resolve("gradients-00003.arrow")).doesNotExist();
        assertThat(onB.resolve("gradients-00002.arrow.part")).doesNotExist();
        assertThat(onB.resolve("notes.txt")).exists();
        SampleGradients.write(onB, 2, LAYOUT, 20, 10);
        resumed.commit(3);
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 30);
        }
    }

    @Test
    void aShardThatIsNotWholeEndsWhatIsResumed() throws IOException {
        GradientStoreWriter killed = new GradientStoreWriter(store, LAYOUT, List.of());
        Path shards = killed.folders().getFirst();
        for (int shard = 0; shard < 3; shard++) {
            SampleGradients.write(shards, shard, LAYOUT, 10L * shard, 10);
        }
        Files.write(shards.resolve("gradients-00001.arrow"), new byte[1000]);
        assertThat(new GradientStoreWriter(store, LAYOUT, List.of()).shards()).isEqualTo(1);
        assertThat(shards).isDirectoryNotContaining("glob:**/gradients-00002.arrow");
    }

    @Test
    void aCommitNamesTheShardThatIsNotThere() throws IOException {
        GradientStoreWriter writer = new GradientStoreWriter(store, LAYOUT, List.of());
        SampleGradients.write(writer.folders().getFirst(), 0, LAYOUT, 0, 10);
        assertThatThrownBy(() -> writer.commit(2))
                .hasMessage(store + ": shard 1 is not whole on any disk; run again: whole shards are kept");
        assertThat(writer.commit(1).documents()).isEqualTo(10);
        assertThatThrownBy(() -> writer.commit(0)).hasMessage("shards: expected at least 1, got 0");
    }

    @Test
    void twoProcessesDoNotOverwriteEachOther() throws IOException {
        GradientStoreWriter one = new GradientStoreWriter(store, LAYOUT, List.of());
        SampleGradients.store(store, LAYOUT, List.of(), 10);
        assertThatThrownBy(() -> one.commit(1)).hasMessageContaining("was changed by another process");
    }

    @Test
    void aMissingShardIsNamedWithTheDisksThatWereSearched() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a, b), 10, 10, 10);
        Files.delete(b.resolve(NAME).resolve("gradients-00001.arrow"));
        String message = store + ": shard 1, gradients-00001.arrow, is missing; searched " + a.resolve(NAME) + ", "
                + b.resolve(NAME) + "; put it back, or repair the store";
        assertThatThrownBy(() -> GradientStore.open(store)).hasMessage(message);
        assertThat(StoreVerifier.verify(store, _ -> {})).containsExactly(message);
    }

    @Test
    void aVanishedDiskIsNamed() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a, b), 10, 10);
        Files.move(b.resolve(NAME), folder.resolve("unmounted")); // the mount point is still there
        assertThatThrownBy(() -> GradientStore.open(store))
                .hasMessage(store + ": shard 1, gradients-00001.arrow, is missing; searched " + a.resolve(NAME)
                        + "; not there: " + b.resolve(NAME) + "; mount the disk");
        String gone = b.resolve(NAME) + ": is not there, though " + store.resolve("disks.json")
                + " names it; mount the disk, or, if it is lost, take the folder out of that file";
        assertThatThrownBy(() -> new GradientStoreWriter(store, LAYOUT, List.of()))
                .hasMessage(gone);
        assertThatThrownBy(() -> new GradientStoreWriter(store, LAYOUT, List.of(a, b)))
                .hasMessage(gone);
        assertThatThrownBy(() -> StoreRepair.drop(store, _ -> {})).hasMessage(gone);

        Files.move(folder.resolve("unmounted"), b.resolve(NAME));
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 20);
        }
    }

    @Test
    void aDiskThatIsNotThereIsNamedAndNothingIsLeftOnTheOthers() {
        Path missing = folder.resolve("c");
        assertThatThrownBy(() -> new GradientStoreWriter(store, LAYOUT, List.of(a, missing)))
                .hasMessage(missing + ": is not there, or is not a folder; mount the disk, or give another");
        assertThat(a).isEmptyDirectory();
        assertThat(store).isEmptyDirectory();
    }

    @Test
    void aShardOfAnotherStoreIsRefused() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a), 10, 10);
        GradientLayout foreign = new GradientLayout("ffff" + LAYOUT.store(), LAYOUT.modules(), LAYOUT.precision());
        Path file = SampleGradients.write(a.resolve(NAME), 1, foreign, 0, 10);
        String problem = "identity ffff01234567…, not 0123456789ab… (made with another model, other factors or other "
                + "settings)";
        String message =
                file + ": is of another store: " + problem + "; put back the shard of this store, or remove the file";
        assertThatThrownBy(() -> GradientStore.open(store)).hasMessage(message);
        assertThat(StoreVerifier.verify(store, _ -> {})).containsExactly(message);
        assertThatThrownBy(() -> StoreRepair.drop(store, _ -> {})).hasMessage(message);

        Path next = SampleGradients.write(a.resolve(NAME), 2, foreign, 0, 10);
        assertThatThrownBy(() -> new GradientStoreWriter(store, LAYOUT, List.of()))
                .hasMessage(next + ": holds other gradients: " + problem + "; give another --out");
        assertThat(next).exists();
    }

    @Test
    void shardsThatWereSwappedAreNoticed() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a), 10, 10);
        Path first = a.resolve(NAME).resolve("gradients-00000.arrow");
        Path second = a.resolve(NAME).resolve("gradients-00001.arrow");
        Path between = Files.move(first, folder.resolve("between"));
        Files.move(second, first);
        Files.move(between, second);
        assertThat(StoreVerifier.verify(store, _ -> {}))
                .hasSize(2)
                .first()
                .asString()
                .startsWith(first + ": is whole, but not shard 0 of this store");
        assertThatThrownBy(() -> StoreRepair.drop(store, _ -> {}))
                .hasMessageStartingWith(first + ": is whole, but not");
    }

    @Test
    void anotherLayoutIsRefusedByWhatDiffers() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(), 10);
        List<StoredModule> modules = LAYOUT.modules();
        List<StoredModule> resized = List.of(new StoredModule("layers.0.mlp.up", 3, 4, 0), modules.getLast());
        assertThat(LayoutDifference.between(LAYOUT, new GradientLayout("x", modules, Precision.INT8)))
                .isEqualTo("precision int8, not float32; identity x, not 0123456789ab… (made with another model, "
                        + "other factors or other settings)");
        assertThat(LayoutDifference.between(LAYOUT, with(modules.subList(0, 1))))
                .isEqualTo("other modules: without [layers.0, \"mlp\" dówn], with []");
        assertThat(LayoutDifference.between(LAYOUT, with(modules.reversed()))).isEqualTo("modules in another order");
        assertThatThrownBy(() -> new GradientStoreWriter(store, with(resized), List.of()))
                .hasMessage(store + ": holds other gradients: module layers.0.mlp.up of 3 x 5 rank 0, not 3 x 4 rank 0"
                        + "; give another --out");
    }

    private static GradientLayout with(List<StoredModule> modules) {
        return new GradientLayout(LAYOUT.store(), modules, LAYOUT.precision());
    }

    @Test
    void aFolderWithoutAStoreIsNamed() {
        String message = store + ": holds no store.json; give a folder that wellspring index has written to its end";
        assertThatThrownBy(() -> GradientStore.open(store)).hasMessage(message);
        assertThatThrownBy(() -> StoreVerifier.verify(store, _ -> {})).hasMessage(message);
    }

    @Test
    void aStoreWithoutDocumentsIsAStore() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of());
        try (GradientStore opened = GradientStore.open(store)) {
            assertThat(opened.batches()).isEmpty();
            assertThat(opened.layout()).isEqualTo(LAYOUT);
        }
    }

    @Test
    void closingEndsEveryView() throws IOException {
        SampleGradients.store(store, LAYOUT, List.of(a, b), 10, 10);
        GradientStore opened = GradientStore.open(store);
        List<MemorySegment> values =
                opened.batches().map(batch -> batch.values(0)).toList();
        opened.close();
        assertThat(values)
                .hasSize(2)
                .allSatisfy(segment -> assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
                        .isInstanceOf(IllegalStateException.class));
        opened.close();
    }

    /// What an opening process sees is a whole number of appends, none of them twice and none half.
    @Test
    void readersSeeWholeSnapshotsWhileOthersAppendAndRepair() throws Exception {
        SampleGradients.store(store, SampleGradients.narrow(), List.of(a, b), 3, 3);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> readers = Stream.generate(() -> threads.submit(() -> openUntil(done)))
                    .limit(2)
                    .toList();
            try {
                for (int i = 0; i < 20; i++) {
                    SampleGradients.store(store, SampleGradients.narrow(), List.of(), 3);
                    damageBody(i);
                    assertThat(StoreRepair.rebuild(store, StoreRepairTest::again, _ -> {}))
                            .extracting(StoreRepair.Repaired::shard)
                            .containsExactly(i);
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        try (GradientStore opened = GradientStore.open(store)) {
            requireDocuments(opened, 66);
        }
    }

    private int openUntil(AtomicBoolean done) {
        int opened = 0;
        long before = 6;
        while (!done.get()) {
            try (GradientStore now = GradientStore.open(store)) {
                assertThat(now.documents()).isGreaterThanOrEqualTo(before);
                assertThat(now.batches().mapToLong(GradientBatch::rows).sum()).isEqualTo(now.documents());
                assertThat(now.batches().map(GradientBatch::shard))
                        .containsExactlyElementsOf(IntStream.range(0, (int) now.documents() / 3)
                                .boxed()
                                .toList());
                before = now.documents();
                opened++;
            }
        }
        return opened;
    }

    /// Flips a bit of the last gradient of a shard that was never repaired.
    private void damageBody(int shard) throws IOException {
        Path file = ShardFile.path(folder.resolve(shard % 2 == 0 ? "a" : "b").resolve(NAME), shard, 0);
        Damage.flip(file, Damage.bitIn(file, 0, Damage.Where.GRADIENTS));
    }
}
