package dev.wellspring.cli;

import static dev.wellspring.cli.StoreScene.DOCUMENTS;
import static dev.wellspring.cli.StoreScene.flip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunFolder;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `store repair` on the embedded example: what is computed again has the bytes of what was lost.
class StoreRepairIT {
    /// Twelve documents or so in a shard, and in it one batch.
    private static final Object[] SMALL = {"--shard-size", "64K"};
    /// Several batches in a shard.
    private static final Object[] LARGE = {"--shard-size", "9M", "--compression", "full", "--precision", "float64"};

    @TempDir
    private Path folder;

    private StoreScene scene;
    private Path store;

    @BeforeEach
    void fit() throws IOException {
        scene = StoreScene.fit(folder);
        store = folder.resolve("store");
    }

    @Test
    void everyKindOfDamageOnSeveralDisksIsComputedAgain() throws IOException {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        scene.index(store, with(LARGE, "--max-tokens", 3, "--disk", a, "--disk", b));
        List<Path> shards = byNumber();
        Map<Integer, String> whole = contents();
        assertThat(shards).hasSizeGreaterThan(5);
        assertThat(batches(shards.getFirst())).isGreaterThan(1);

        flip(shards.get(0), inGradients(shards.get(0), 0));
        flip(shards.get(0), inGradients(shards.get(0), 1));
        flip(shards.get(1), inDocuments(shards.get(1), 1));
        flip(shards.get(2), inGradients(shards.get(2), 0));
        flip(shards.get(2), inDocuments(shards.get(2), 1));
        flip(shards.get(3), Files.size(shards.get(3)) - 100);
        Files.delete(shards.get(4));
        flip(shards.get(5), 200);
        assertThat(verify().out()).hasLineCount(8);

        String said = Commands.succeed(repairing("--documents", scene.documents()));
        assertThat(said)
                .contains("rebuilt ", "gradients-00003.arrow rows 0 to ", "whose ids cannot be read")
                .endsWith(store + ": 6 shards written anew" + System.lineSeparator())
                .doesNotContain("other bytes");
        assertThat(contents()).isEqualTo(whole);
        assertThat(verify().out()).contains("every checksum holds");
        assertThat(Commands.succeed(repairing())).contains("nothing to repair");
    }

    @ParameterizedTest
    @CsvSource({"reference, float64", "nd4j, float32"})
    void tokenIdsThatTheDamageHasSparedNeedNoCorpus(String backend, String type) throws IOException {
        scene.index(store, with(SMALL, "--backend", backend, "--dtype", type));
        Map<Integer, String> whole = contents();
        for (Path shard : byNumber()) {
            flip(shard, inGradients(shard, 0));
        }
        assertThat(Commands.succeed(repairing())).contains("rebuilt ").doesNotContain("other bytes");
        assertThat(contents()).isEqualTo(whole);
        assertThat(verify().out()).contains(DOCUMENTS + " documents, every checksum holds");
    }

    @Test
    void whatWasAppendedIsReadFromItsOwnDocuments() throws IOException {
        Path first = scene.documents("first.jsonl", 0, 31);
        Path second = scene.documents("second.jsonl", 31, DOCUMENTS);
        Commands.succeed(scene.indexing(store, first, with(SMALL, "--backend", "nd4j", "--dtype", "float64")));
        int before = byNumber().size();
        Commands.succeed(scene.indexing(store, second, with(SMALL, "--append")));
        Map<Integer, String> whole = contents();
        assertThat(whole).hasSizeGreaterThan(before + 1);
        damage(before - 1, before, before + 1);

        assertThat(Commands.run(repairing("--documents", first)).complaints())
                .containsExactly("wellspring store repair: " + store + ": the token ids of some documents of shard "
                        + before + " cannot be read; give --documents, or drop what is damaged by repairing without"
                        + " --model");
        assertThat(Commands.succeed(repairing("--documents", second, "--documents", first)))
                .contains(": 2 shards written anew")
                .doesNotContain("other bytes");
        assertThat(contents()).isEqualTo(whole);
    }

    @Test
    void aMergedStoreIsRepairedFromTheDocumentsOfAll() throws IOException {
        Path first = scene.documents("first.jsonl", 0, 31);
        Path second = scene.documents("second.jsonl", 31, DOCUMENTS);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Commands.succeed(scene.indexing(one, first, SMALL));
        Commands.succeed(scene.indexing(two, second, SMALL));
        Commands.succeed("store", "merge", one, two, "--out", store);
        Map<Integer, String> whole = contents();
        damage(whole.keySet().stream().mapToInt(Integer::intValue).toArray());
        assertThat(Commands.succeed(repairing("--documents", first, "--documents", second)))
                .doesNotContain("other bytes");
        assertThat(contents()).isEqualTo(whole);
        assertThat(verify().out()).contains(DOCUMENTS + " documents, every checksum holds");
    }

    @Test
    void anotherModelAndOtherDocumentsAreRefusedInOneLine() throws IOException {
        scene.index(store, SMALL);
        damage(1);
        Map<String, String> damaged = StoreScene.content(store);
        Path other = Files.createDirectory(folder.resolve("other"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(scene.model().resolve(file), other.resolve(file));
        }
        flip(other.resolve("model.safetensors"), Files.size(other.resolve("model.safetensors")) - 4);
        requireRefusal(
                Commands.run("store", "repair", store, "--model", other, "--documents", scene.documents()),
                store + ": expected a store of the model given, found that of another checkpoint; give its --model, or"
                        + " index with this one");
        Path fewer = scene.documents("fewer.jsonl", 0, 20);
        requireRefusal(
                Commands.run(repairing("--documents", scene.documents(), "--documents", fewer)),
                "--documents: expected files that " + store + " was made from, found " + fewer
                        + "; give what 'index' was given, in that order, and --documents again for each --append");
        requireRefusal(
                Commands.run(repairing("--documents", fewer, scene.documents())),
                "--documents: expected files that " + store + " was made from, found " + fewer
                        + " and 1 more; give what 'index' was given, in that order, and --documents again for each"
                        + " --append");
        requireRefusal(
                Commands.run("store", "repair", store, "--documents", scene.documents()),
                "--model: expected the checkpoint that was indexed, to put --documents through, got none; give it, or"
                        + " leave --documents out to drop what is broken");
        assertThat(StoreScene.content(store)).isEqualTo(damaged);
    }

    @Test
    void aStoreThatAnotherProcessIsAtWorkInIsLeftAlone() throws IOException {
        scene.index(store, SMALL);
        damage(0);
        Map<String, String> damaged = StoreScene.content(store);
        try (RunFolder _ = RunFolder.open(store, Manifest.read(store))) {
            requireRefusal(
                    Commands.run(repairing("--documents", scene.documents())), "another process is at work in this");
        }
        assertThat(StoreScene.content(store)).isEqualTo(damaged);
    }

    @Test
    void anotherTokenizerIsNoticedByWhatTheStoreHasKept() throws IOException {
        scene.index(store, with(LARGE, "--max-tokens", 24));
        Path shard = byNumber().getFirst();
        flip(shard, inGradients(shard, 0));
        flip(shard, inDocuments(shard, 1));
        Path tokenizer = scene.model().resolve("tokenizer.json");
        String text = Files.readString(tokenizer);
        Files.writeString(tokenizer, swapped(text, "\"a\":", "\"e\":"));
        Commands.Answer answer = Commands.run(repairing("--documents", scene.documents()));
        assertThat(answer.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.complaints())
                .singleElement()
                .asString()
                .startsWith("wellspring store repair: --model: expected a tokenizer that gives ")
                .contains(" token ids to d0");
        Files.writeString(tokenizer, text);
        assertThat(Commands.succeed(repairing("--documents", scene.documents())))
                .doesNotContain("other bytes");
    }

    private static String swapped(String text, String one, String other) {
        assertThat(text).contains(one, other);
        return text.replace(one, "\u0000").replace(other, one).replace("\u0000", other);
    }

    @Test
    void documentsThatWereDroppedBeforeAreNotMistakenForOthers() throws IOException {
        scene.index(store, with(LARGE, "--max-tokens", 24));
        Path shard = byNumber().getFirst();
        flip(shard, inGradients(shard, 0));
        assertThat(Commands.succeed("store", "repair", store, "--progress", "off"))
                .startsWith("dropped ");
        shard = byNumber().getFirst();
        assertThat(shard.getFileName()).hasToString("gradients-00000-1.arrow");
        flip(shard, inDocuments(shard, 0));
        requireRefusal(
                Commands.run(repairing("--documents", scene.documents())),
                "an earlier repair has dropped ",
                "drop them by repairing without --model, then 'index --append' them");
        assertThat(Commands.succeed("store", "repair", store, "--progress", "off"))
                .startsWith("dropped ");
        assertThat(verify().out()).contains("every checksum holds");
    }

    private static void requireRefusal(Commands.Answer answer, String... parts) {
        assertThat(answer.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.complaints()).singleElement().asString().contains(parts);
    }

    private static Object[] with(Object[] options, Object... more) {
        List<Object> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(more));
        return all.toArray();
    }

    private Object[] repairing(Object... options) {
        return with(new Object[] {"store", "repair", store, "--model", scene.model(), "--progress", "off"}, options);
    }

    private Commands.Answer verify() {
        return Commands.run("store", "verify", store, "--progress", "off");
    }

    /// Takes the footer of some shards away, so that nothing is known of them.
    private void damage(int... shards) throws IOException {
        for (int shard : shards) {
            Path file = byNumber().get(shard);
            flip(file, Files.size(file) - 100);
        }
    }

    /// The files of all shards, wherever they lie.
    private List<Path> byNumber() throws IOException {
        return StoreScene.shards(folder).stream()
                .filter(file -> file.getParent() != null
                        && (file.startsWith(store)
                                || file.getParent().toString().contains("wellspring-")))
                .sorted((one, other) -> Integer.compare(number(one), number(other)))
                .toList();
    }

    private static int number(Path shard) {
        return Integer.parseInt(shard.getFileName().toString().substring("gradients-".length(), 15));
    }

    /// What is in the file of each shard: equal digests mean equal bytes.
    private Map<Integer, String> contents() throws IOException {
        Map<Integer, String> contents = new TreeMap<>();
        for (Path shard : byNumber()) {
            contents.put(number(shard), Digests.of(List.of(shard)));
        }
        return contents;
    }

    private static ArrowReader open(Path shard) {
        return new ArrowReader(shard, new Origin("a shard", "a store", "index again"));
    }

    private static int batches(Path shard) {
        try (ArrowReader reader = open(shard)) {
            return reader.batchCount();
        }
    }

    /// A byte of the ids of a batch's documents.
    private static long inDocuments(Path shard, int batch) {
        try (ArrowReader reader = open(shard)) {
            return reader.bodyOffset(batch) + 4;
        }
    }

    /// A byte of the last gradients of a batch.
    private static long inGradients(Path shard, int batch) {
        try (ArrowReader reader = open(shard)) {
            long end = batch + 1 < reader.batchCount() ? reader.bodyOffset(batch + 1) : reader.byteSize();
            return end - reader.footer().byteSize() - 2048;
        }
    }
}
