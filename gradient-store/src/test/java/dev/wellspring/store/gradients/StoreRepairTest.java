package dev.wellspring.store.gradients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreRepairTest {
    private static final GradientLayout LAYOUT = SampleGradients.layout(Precision.INT8);
    /// Documents of the shards of the store.
    private static final int[] DOCUMENTS = {5000, 100};

    @TempDir
    private Path folder;

    private Path store;
    private Path shards;

    @BeforeEach
    void makeStore() throws IOException {
        store = Files.createDirectory(folder.resolve("store"));
        shards = store.resolve("shards");
        SampleGradients.store(store, LAYOUT, List.of(), DOCUMENTS);
    }

    private Path shard(int number) {
        return ShardFile.path(shards, number, 0);
    }

    /// Rows of a store of narrow shards of three documents each, anew.
    static void again(LostRows lost, @Nullable GradientShardReader shard, GradientSink sink) {
        rebuild(SampleGradients.narrow(), 3L * lost.shard(), lost, sink);
    }

    private static void rebuild(GradientLayout layout, long first, LostRows lost, GradientSink sink) {
        for (SampleGradients.Row row : SampleGradients.rows(layout, first + lost.firstRow(), lost.rows())) {
            sink.write(row.document(), row.segments(), row.scales());
        }
    }

    private static void rebuild(LostRows lost, @Nullable GradientShardReader shard, GradientSink sink) {
        rebuild(LAYOUT, lost.shard() == 0 ? 0 : DOCUMENTS[0], lost, sink);
    }

    private void requireWhole(List<List<@Nullable Object>> rows) {
        assertThat(StoreVerifier.verify(store, _ -> {})).isEmpty();
        try (GradientStore opened = GradientStore.open(store)) {
            assertThat(SampleGradients.read(opened)).isEqualTo(rows);
            assertThat(opened.documents()).isEqualTo(rows.size());
        }
    }

    private static List<List<@Nullable Object>> rows(int from, int to) {
        return SampleGradients.parts(SampleGradients.rows(LAYOUT, from, to - from));
    }

    private static List<List<@Nullable Object>> without(int from, int to) {
        List<List<@Nullable Object>> rows = new ArrayList<>(rows(0, from));
        rows.addAll(rows(to, 5100));
        return rows;
    }

    @Test
    void aWholeStoreIsLeftAlone() throws IOException {
        String before = Files.readString(store.resolve("store.json"));
        assertThat(StoreRepair.drop(store, _ -> {})).isEmpty();
        assertThat(store.resolve("store.json")).content().isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedBatchIsDropped(Damage.Where where) throws IOException {
        Damage.flip(shard(0), Damage.bitIn(shard(0), 1, where));
        List<StoreRepair.Repaired> repaired = StoreRepair.drop(store, _ -> {});

        requireWhole(without(2048, 4096));
        assertThat(repaired).singleElement().satisfies(one -> {
            assertThat(one.shard()).isZero();
            LostRows lost = one.lost().getFirst();
            assertThat(lost.firstRow()).isEqualTo(2048);
            assertThat(lost.rows()).isEqualTo(2048);
            if (where == Damage.Where.GRADIENTS) {
                assertThat(lost.known()).hasSize(2048);
                assertThat(lost.description())
                        .startsWith("2048 documents, gradients-00000.arrow rows 2048 to 4095: plain2048, ")
                        .contains(", with \"quotes\"2058, with \"quotes\"2058#1, ")
                        .endsWith(" and 1948 more")
                        .hasLineCount(1);
            } else {
                assertThat(lost.description())
                        .isEqualTo("2048 documents, gradients-00000.arrow rows 2048 to 4095, whose ids cannot be read");
            }
        });
        assertThat(shard(0)).doesNotExist();
        assertThat(shards).isDirectoryContaining("glob:**/gradients-00000-1.arrow");
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedBatchIsRebuiltByteForByte(Damage.Where where) throws IOException {
        byte[] whole = Files.readAllBytes(shard(0));
        Damage.flip(shard(0), Damage.bitIn(shard(0), 2, where));
        List<LostRows> asked = new ArrayList<>();
        List<StoreRepair.Repaired> repaired = StoreRepair.rebuild(
                store,
                (lost, damaged, sink) -> {
                    asked.add(lost);
                    assertThat(requireNonNull(damaged).knowsDocuments()).isEqualTo(where == Damage.Where.GRADIENTS);
                    rebuild(lost, damaged, sink);
                },
                _ -> {});

        requireWhole(rows(0, 5100));
        assertThat(ShardFile.path(shards, 0, 1)).hasBinaryContent(whole);
        assertThat(asked).singleElement().satisfies(lost -> {
            assertThat(lost.firstRow()).isEqualTo(4096);
            assertThat(lost.rows()).isEqualTo(904);
            assertThat(lost.known()).hasSize(where == Damage.Where.GRADIENTS ? 904 : 0);
        });
        assertThat(repaired).containsExactly(new StoreRepair.Repaired(0, asked, true));
    }

    @Test
    void whatIsKnownOfALostDocumentIsEnoughToComputeItAgain() throws IOException {
        Damage.flip(shard(1), Damage.bitIn(shard(1), 0, Damage.Where.GRADIENTS));
        StoreRepair.rebuild(
                store,
                (lost, damaged, sink) -> {
                    assertThat(lost.known().getLast().tokens())
                            .isEqualTo(
                                    SampleGradients.row(LAYOUT, 5099).document().tokens());
                    assertThat(requireNonNull(damaged).storedDocuments().map(StoredDocument::document))
                            .containsExactlyElementsOf(SampleGradients.rows(LAYOUT, 5000, 100).stream()
                                    .map(row -> row.document().document())
                                    .toList());
                    rebuild(lost, damaged, sink);
                },
                _ -> {});
    }

    @Test
    void aShardWithoutAFooterIsLostAltogetherOrRebuilt() throws IOException {
        byte[] whole = Files.readAllBytes(shard(1));
        Damage.flip(shard(1), 8L * whole.length - 100);
        assertThatThrownBy(() -> GradientStore.open(store)).hasMessageContaining("footer");
        StoreRepair.rebuild(store, StoreRepairTest::rebuild, _ -> {});
        assertThat(ShardFile.path(shards, 1, 1)).hasBinaryContent(whole);
        requireWhole(rows(0, 5100));

        Files.write(ShardFile.path(shards, 1, 1), new byte[10]);
        assertThat(StoreRepair.drop(store, _ -> {}))
                .singleElement()
                .extracting(one -> one.lost().getFirst().description())
                .isEqualTo("100 documents, gradients-00001.arrow rows 0 to 99, whose ids cannot be read");
        requireWhole(rows(0, 5000));
    }

    @Test
    void aMissingShardIsLostAltogether() throws IOException {
        Files.delete(shard(0));
        assertThat(StoreRepair.drop(store, _ -> {})).hasSize(1);
        requireWhole(rows(5000, 5100));
        SampleGradients.write(shards, 2, LAYOUT, 0, 5); // the numbers have no gap
        assertThat(new GradientStoreWriter(store, LAYOUT, List.of()).commit(3).documents())
                .isEqualTo(105);
    }

    @Test
    void aDamagedFrameCostsNothing() throws IOException {
        byte[] whole = Files.readAllBytes(shard(0));
        Damage.flip(shard(0), 8 * 200);
        assertThat(StoreVerifier.verify(store, _ -> {}))
                .singleElement()
                .asString()
                .contains("schema");
        assertThat(StoreRepair.drop(store, _ -> {}))
                .singleElement()
                .extracting(StoreRepair.Repaired::lost)
                .isEqualTo(List.of());
        assertThat(ShardFile.path(shards, 0, 1)).hasBinaryContent(whole);
        requireWhole(rows(0, 5100));
    }

    @Test
    void aRepairThatFailsLeavesTheStoreAsItWas() throws IOException {
        Damage.flip(shard(0), Damage.bitIn(shard(0), 1, Damage.Where.GRADIENTS));
        List<String> problems = StoreVerifier.verify(store, _ -> {});
        String before = Files.readString(store.resolve("store.json"));
        assertThatThrownBy(() -> StoreRepair.rebuild(store, (_, _, _) -> {}, _ -> {}))
                .hasMessageStartingWith("expected 2048 documents, got 0, for 2048 documents, gradients-00000.arrow");
        Path full = Path.of("/dev/full");
        if (Files.exists(full)) {
            Files.createSymbolicLink(PartFile.part(ShardFile.path(shards, 0, 1)), full);
            assertThatThrownBy(() -> StoreRepair.drop(store, _ -> {}))
                    .hasMessageStartingWith(
                            ShardFile.path(shards, 0, 1) + ": cannot be written (No space left on device)");
        }
        assertThat(store.resolve("store.json")).content().isEqualTo(before);
        assertThat(StoreVerifier.verify(store, _ -> {})).isEqualTo(problems);
        assertThat(shards).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aRepairThatWasKilledBeforeItsCommitIsDoneAgain() throws IOException {
        Damage.flip(shard(1), Damage.bitIn(shard(1), 0, Damage.Where.GRADIENTS));
        Files.write(ShardFile.path(shards, 1, 1), new byte[100]);
        StoreRepair.rebuild(store, StoreRepairTest::rebuild, _ -> {});
        requireWhole(rows(0, 5100));
    }

    @Test
    void aRepairThatWasKilledAfterItsCommitLeavesAFileThatTheNextAppendDeletes() throws IOException {
        byte[] old = Files.readAllBytes(shard(1));
        Damage.flip(shard(1), Damage.bitIn(shard(1), 0, Damage.Where.GRADIENTS));
        StoreRepair.rebuild(store, StoreRepairTest::rebuild, _ -> {});
        Files.write(shard(1), old);
        requireWhole(rows(0, 5100));
        assertThat(new GradientStoreWriter(store, LAYOUT, List.of()).documents(0))
                .isEqualTo(5100);
        assertThat(shard(1)).doesNotExist();
        requireWhole(rows(0, 5100));
    }

    @Test
    void aLostSnapshotIsMadeAnewFromTheShards() throws IOException {
        Damage.flip(shard(1), Damage.bitIn(shard(1), 0, Damage.Where.GRADIENTS));
        StoreRepair.rebuild(store, StoreRepairTest::rebuild, _ -> {});
        String before = Files.readString(store.resolve("store.json"));
        Files.delete(store.resolve("store.json"));
        new GradientStoreWriter(store, LAYOUT, List.of()).commit(2);
        assertThat(store.resolve("store.json")).content().isEqualTo(before);
    }
}
