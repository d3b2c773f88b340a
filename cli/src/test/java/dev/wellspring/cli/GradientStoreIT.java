package dev.wellspring.cli;

import static dev.wellspring.cli.StoreScene.DOCUMENTS;
import static dev.wellspring.cli.StoreScene.content;
import static dev.wellspring.cli.StoreScene.flip;
import static dev.wellspring.cli.StoreScene.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.Manifest;
import dev.wellspring.store.gradients.GradientStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `index`, `search` and `store` on the embedded example.
class GradientStoreIT {
    @TempDir
    private Path folder;

    private StoreScene scene;
    private Path store;
    private Path run;

    @BeforeEach
    void fit() throws IOException {
        scene = StoreScene.fit(folder);
        store = folder.resolve("store");
        run = folder.resolve("run");
    }

    @ParameterizedTest
    @CsvSource({"ekfac, 0.1x", "ekfac, 1e-3", "kfac, 0.1x", "kfac, 2x", "identity, 0.1x"})
    void oneStoreGivesTheScoresOfEveryStrategyAndDamping(String curvature, String damping) throws IOException {
        scene.index(store, "--compression", "full", "--precision", "float64");
        search("--all-scores", "--curvature", curvature, "--damping", damping);
        Path exact = folder.resolve("exact");
        Commands.succeed(scene.with(
                "score",
                "--factors",
                scene.factors(),
                "--queries",
                folder.resolve("queries.jsonl"),
                "--documents",
                scene.documents(),
                "--out",
                exact,
                "--curvature",
                curvature,
                "--damping",
                damping,
                "--rank",
                "full"));
        ExportedScores found = ExportedScores.of(run);
        ExportedScores expected = ExportedScores.of(exact);
        assertThat(found.text("document")).isEqualTo(expected.text("document"));
        double largest = Arrays.stream(expected.raw()).map(Math::abs).max().orElseThrow();
        assertThat(found.raw()).containsExactly(expected.raw(), within(1e-9 * largest));
        assertThat(found.column("normalised"))
                .containsExactly(
                        expected.column("normalised"),
                        within(1e-9
                                * Arrays.stream(expected.column("normalised"))
                                        .map(Math::abs)
                                        .max()
                                        .orElseThrow()));
    }

    @Test
    void someModulesAddUpToAll() throws IOException {
        scene.index(store, "--compression", "full", "--precision", "float64");
        double[] sum = new double[0];
        for (String modules : List.of(".*[._]0[._].*", "(?!.*[._]0[._]).*")) {
            run = folder.resolve("part-" + sum.length);
            search("--all-scores", "--modules", modules);
            double[] part = ExportedScores.of(run).raw();
            double[] before = sum;
            sum = before.length == 0 ? part : added(before, part);
        }
        run = folder.resolve("all");
        search("--all-scores");
        assertThat(sum).containsExactly(ExportedScores.of(run).raw(), within(1e-6));
    }

    private static double[] added(double[] one, double[] other) {
        double[] sum = new double[one.length];
        Arrays.setAll(sum, i -> one[i] + other[i]);
        return sum;
    }

    @Test
    void theEndsOfARankingAreKeptAndScoredAgain() throws IOException {
        scene.index(store, "--compression", "project:64", "--precision", "int8");
        Commands.Answer answer =
                search("--keep", "8", "--rescore", "5", "--sample", "20", "--factors", scene.factors());
        assertThat(answer.err())
                .contains("on 20 random documents the store's scores correlate with exact ones by")
                .contains("of a query's top 5 among the candidates change");
        JsonNode accuracy =
                new ObjectMapper().readTree(run.resolve("accuracy.json").toFile());
        assertThat(accuracy.at("/queries/0/sample/documents").asInt()).isEqualTo(20);
        assertThat(accuracy.at("/queries/0/sample/pearson").asDouble()).isBetween(0.2, 0.9999);
        assertThat(Commands.run("top", run, "-k", "6").complaints().getFirst())
                .contains("-k: expected at most 5")
                .contains("--approximate");
        assertThat(Commands.succeed("top", run, "-k", "8", "--approximate")).contains("d0");
        assertThat(Commands.run("top", run, "-k", "9", "--approximate")
                        .complaints()
                        .getFirst())
                .contains("-k: expected at most 8")
                .contains("--keep");
        Path exact = folder.resolve("exact");
        Commands.succeed(scene.with(
                "score",
                "--factors",
                scene.factors(),
                "--queries",
                folder.resolve("queries.jsonl"),
                "--documents",
                scene.documents(),
                "--out",
                exact));
        Map<String, String> exactly = rawByDocument(exact);
        rawByDocument(run.resolve("exact"))
                .forEach((pair, raw) -> assertThat(Double.parseDouble(raw))
                        .isCloseTo(
                                Double.parseDouble(exactly.getOrDefault(pair, "NaN")),
                                within(1e-9 * Math.abs(Double.parseDouble(raw)) + 1e-12)));
    }

    private static Map<String, String> rawByDocument(Path scores) {
        Map<String, String> raw = new TreeMap<>();
        ExportedScores.of(scores)
                .rows()
                .forEach(row -> raw.put(row.getField("query") + " " + row.getField("document"), row.getField("raw")));
        return raw;
    }

    @Test
    void aBrokenBatchGivesNoScoresAndCanBeDropped() throws IOException {
        scene.index(store, "--shard-size", "64K");
        List<Path> shards = shards(store);
        assertThat(shards).hasSizeGreaterThan(2);
        flip(shards.get(1), Files.size(shards.get(1)) / 2);
        Commands.Answer refused = Commands.run(scene.searching(store, run, "--all-scores"));
        assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(refused.complaints().getFirst())
                .contains("gradients-00001.arrow")
                .contains("--skip-damaged");

        Commands.Answer verified = Commands.run("store", "verify", store, "--progress", "off");
        assertThat(verified.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(verified.out())
                .hasLineCount(1)
                .contains("gradients-00001.arrow")
                .contains("batch 0");

        search("--skip-damaged", "--all-scores");
        Manifest manifest = Manifest.read(run);
        assertThat(manifest.results().get("damaged_batches")).asString().contains("gradients-00001.arrow");
        int left = Integer.parseInt(String.valueOf(manifest.results().get("documents")));
        assertThat(left).isBetween(1, DOCUMENTS - 1);

        assertThat(Commands.succeed("store", "repair", store)).contains("dropped " + (DOCUMENTS - left) + " documents");
        assertThat(Commands.succeed("store", "verify", store, "--progress", "off"))
                .contains(left + " documents, every checksum holds");
        assertThat(Commands.succeed("store", "describe", store, "--format", "json"))
                .contains("\"documents\" : " + left);
    }

    @ParameterizedTest
    @CsvSource({"basis.safetensors, 0.5", "manifest.json, \"seed\" : \"0"})
    void aDamagedFileBesideTheShardsIsNamedAndGivesNoScores(String name, String place) throws IOException {
        scene.index(store);
        Path file = store.resolve(name);
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        long at = place.equals("0.5") ? text.length() / 2 : text.indexOf(place) + place.length() - 1;
        flip(file, at);
        assertThat(Commands.run("store", "verify", store, "--progress", "off").out())
                .hasLineCount(1)
                .startsWith(file + ": is damaged, or of another store: ");
        for (Object[] command : List.of(
                scene.searching(store, run, "--all-scores"),
                new Object[] {"store", "repair", store, "--model", scene.model(), "--progress", "off"})) {
            Commands.Answer refused = Commands.run(command);
            assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
            assertThat(refused.complaints()).singleElement().asString().contains(file + ": is damaged");
        }
        flip(file, at);
        search("--all-scores");
    }

    @Test
    void documentsAreAddedAndStoresMerged() throws IOException {
        Path first = scene.documents("first.jsonl", 0, 30);
        Path second = scene.documents("second.jsonl", 30, DOCUMENTS);
        scene.index(store);
        Path grown = folder.resolve("grown");
        Commands.succeed(scene.indexing(grown, first));
        assertThat(Commands.run(scene.indexing(grown, second)).complaints().getFirst())
                .contains("holds other documents")
                .contains("--append");
        Commands.succeed(scene.indexing(grown, second, "--append"));
        assertThat(Commands.run(scene.indexing(grown, second, "--append")).err())
                .contains("nothing to do");

        Path other = folder.resolve("other");
        Commands.succeed(scene.indexing(other, first));
        Path another = folder.resolve("another");
        Commands.succeed(scene.indexing(another, second));
        Path merged = folder.resolve("merged");
        Commands.succeed("store", "merge", other, another, "--out", merged);

        search("--all-scores");
        Map<String, String> expected = rawByDocument(run);
        for (Path way : List.of(grown, merged)) {
            run = folder.resolve("run-" + way.getFileName());
            store = way;
            search("--all-scores");
            assertThat(rawByDocument(run)).isEqualTo(expected);
        }
    }

    /// Another process appends three times. Meanwhile searches come one after the other, and one reader scans, again
    /// and
    /// again, the store that it opened in the beginning.
    @Test
    void searchesAndReadersSeeWholeSnapshotsWhileAnotherProcessAppends() throws Exception {
        int part = DOCUMENTS / 4;
        Path err = folder.resolve("err");
        Path all = folder.resolve("all");
        scene.index(all, small());
        Map<String, String> expected = searched(all, folder.resolve("expected"));
        Commands.succeed(scene.indexing(store, scene.documents("0.jsonl", 0, part), small()));
        List<Integer> seen = new ArrayList<>();
        try (GradientStore opened = GradientStore.open(store)) {
            String before = scanned(opened);
            for (int addition = 1; addition < 4; addition++) {
                Path more = scene.documents(addition + ".jsonl", addition * part, (addition + 1) * part);
                List<Object> command = new ArrayList<>(List.of(scene.indexing(store, more, small())));
                command.add("--append");
                try (ChildJvm child = ChildJvm.start(err, command.toArray())) {
                    while (child.isRunning()) {
                        Map<String, String> found = searched(store, folder.resolve("run-" + seen.size()));
                        int documents = (int) documents(found);
                        assertThat(documents).isIn(addition * part, (addition + 1) * part);
                        assertThat(expected).containsAllEntriesOf(found);
                        assertThat(scanned(opened)).isEqualTo(before);
                        seen.add(documents);
                    }
                    assertThat(child.requireEnd()).as(Files.readString(err)).isEqualTo(ExitStatus.DONE);
                }
            }
        }
        assertThat(seen).isSorted().hasSizeGreaterThan(2);
        assertThat(searched(store, folder.resolve("after"))).isEqualTo(expected);
    }

    private Map<String, String> searched(Path searched, Path out) {
        Commands.succeed(scene.searching(searched, out, "--all-scores"));
        return rawByDocument(out);
    }

    private static long documents(Map<String, String> scores) {
        return scores.keySet().stream()
                .map(pair -> pair.substring(pair.indexOf(' ')))
                .distinct()
                .count();
    }

    /// Every batch of an open store, checked, and the ids in it.
    private static String scanned(GradientStore opened) {
        return opened.batches()
                .map(batch -> batch.damage() + " "
                        + IntStream.range(0, batch.rows())
                                .mapToObj(batch::documentId)
                                .toList())
                .collect(Collectors.joining());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aKilledIndexEndsWithTheBytesOfAnUndisturbedOne() throws Exception {
        Path err = folder.resolve("err");
        Object[] undisturbed = scene.indexing(folder.resolve("undisturbed"), scene.documents(), small());
        Object[] disturbed = scene.indexing(store, scene.documents(), small());
        Commands.succeed(undisturbed);
        List<Boolean> kills = new ArrayList<>();
        kills.add(killAfter(Duration.ofMillis(900), err, disturbed));
        for (int shard = 0; shard < 4; shard++) {
            int wanted = shard;
            try (ChildJvm child = ChildJvm.start(err, disturbed)) {
                kills.add(child.killAt(() -> shardsSoFar() > wanted));
            }
        }
        try (ChildJvm child = ChildJvm.start(err, disturbed)) {
            int status = child.requireEnd();
            assertThat(status).as(Files.readString(err)).isEqualTo(ExitStatus.DONE);
        }
        assertThat(kills).contains(true);
        assertThat(Files.readString(err)).containsPattern("index: going on after \\d+ documents");
        assertThat(content(store)).isEqualTo(content(folder.resolve("undisturbed")));
    }

    /// Of a store that is being written: a file that is finished loses its suffix, maybe while files are listed.
    private int shardsSoFar() throws IOException {
        try {
            return shards(store).size();
        } catch (UncheckedIOException failure) {
            if (failure.getCause() instanceof NoSuchFileException) {
                return 0;
            }
            throw failure;
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void fullDisksAreNamedAndNothingIsLost() throws Exception {
        Path err = folder.resolve("err");
        Path a = Files.createDirectories(folder.resolve("disk-a"));
        Path b = Files.createDirectories(folder.resolve("disk-b"));
        Object[] large = {"--compression", "full", "--precision", "float64", "--shard-size", "8M"};
        Path undisturbed = folder.resolve("undisturbed");
        scene.index(undisturbed, large);
        long basis = Files.size(undisturbed.resolve("basis.safetensors"));
        assertThat(Files.size(shards(undisturbed).getFirst())).isGreaterThan(2 * basis);
        List<Object> options = new ArrayList<>(List.of(large));
        options.addAll(List.of("--disk", a, "--disk", b));
        Object[] command = scene.indexing(store, scene.documents(), options.toArray());
        int full;
        try (ChildJvm child = ChildJvm.startOnASmallDisk((int) (basis / 512 + 16), err, command)) {
            full = child.requireEnd();
        }
        assertThat(Files.readString(err))
                .contains("taken out")
                .containsPattern("wellspring index: \\S*disk-[ab]\\S*: .*File too large.*no disk is left");
        assertThat(full).isEqualTo(ExitStatus.BAD_INPUT);
        Commands.succeed(command);
        assertThat(Commands.succeed("store", "verify", store, "--progress", "off"))
                .contains(DOCUMENTS + " documents, every checksum holds");
    }

    private static Object[] small() {
        return new Object[] {"--shard-size", "64K"};
    }

    private static boolean killAfter(Duration time, Path err, Object... command)
            throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, command)) {
            return child.killAfter(time);
        }
    }

    private Commands.Answer search(Object... options) {
        Commands.Answer answer = Commands.run(scene.searching(store, run, options));
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer;
    }
}
