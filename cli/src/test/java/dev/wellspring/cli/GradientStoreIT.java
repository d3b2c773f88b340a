package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `index`, `search` and `store` on the embedded example.
class GradientStoreIT {
    private static final int DOCUMENTS = 48;

    @TempDir
    private Path folder;

    private Path factors;
    private Path store;
    private Path run;

    @BeforeEach
    void fit() throws IOException {
        Commands.copyDemo(folder, DOCUMENTS);
        factors = folder.resolve("factors");
        store = folder.resolve("store");
        run = folder.resolve("run");
        Commands.succeed(with("fit", "--documents", folder.resolve("documents.jsonl"), "--out", factors));
    }

    @ParameterizedTest
    @CsvSource({"ekfac, 0.1x", "ekfac, 1e-3", "kfac, 0.1x", "kfac, 2x", "identity, 0.1x"})
    void oneStoreGivesTheScoresOfEveryStrategyAndDamping(String curvature, String damping) throws IOException {
        index(store, "--compression", "full", "--precision", "float64");
        search("--all-scores", "--curvature", curvature, "--damping", damping);
        Path exact = folder.resolve("exact");
        Commands.succeed(with(
                "score",
                "--factors",
                factors,
                "--queries",
                folder.resolve("queries.jsonl"),
                "--documents",
                folder.resolve("documents.jsonl"),
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
        index(store, "--compression", "full", "--precision", "float64");
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
        index(store, "--compression", "project:64", "--precision", "int8");
        Commands.Answer answer = search("--keep", "8", "--rescore", "5", "--sample", "20", "--factors", factors);
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
        Commands.succeed(with(
                "score",
                "--factors",
                factors,
                "--queries",
                folder.resolve("queries.jsonl"),
                "--documents",
                folder.resolve("documents.jsonl"),
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
        index(store, "--shard-size", "64K");
        List<Path> shards = shards(store);
        assertThat(shards).hasSizeGreaterThan(2);
        flip(shards.get(1), Files.size(shards.get(1)) / 2);
        Commands.Answer refused = Commands.run(searching("--all-scores"));
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

    @Test
    void documentsAreAddedAndStoresMerged() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("documents.jsonl"));
        Path first = Files.write(folder.resolve("first.jsonl"), lines.subList(0, 30));
        Path second = Files.write(folder.resolve("second.jsonl"), lines.subList(30, DOCUMENTS));
        index(store);
        Path grown = folder.resolve("grown");
        Commands.succeed(indexing(grown, first));
        assertThat(Commands.run(indexing(grown, second)).complaints().getFirst())
                .contains("holds other documents")
                .contains("--append");
        Commands.succeed(indexing(grown, second, "--append"));
        assertThat(Commands.run(indexing(grown, second, "--append")).err()).contains("nothing to do");

        Path other = folder.resolve("other");
        Commands.succeed(indexing(other, first));
        Path another = folder.resolve("another");
        Commands.succeed(indexing(another, second));
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

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aKilledIndexEndsWithTheBytesOfAnUndisturbedOne() throws Exception {
        Path err = folder.resolve("err");
        Object[] undisturbed = indexing(folder.resolve("undisturbed"), folder.resolve("documents.jsonl"), small());
        Object[] disturbed = indexing(store, folder.resolve("documents.jsonl"), small());
        Commands.succeed(undisturbed);
        List<Boolean> kills = new ArrayList<>();
        kills.add(killAfter(Duration.ofMillis(900), err, disturbed));
        for (int shard = 0; shard < 4; shard++) {
            int wanted = shard;
            try (ChildJvm child = ChildJvm.start(err, disturbed)) {
                kills.add(child.killAt(() -> shards(store).size() > wanted));
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

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void fullDisksAreNamedAndNothingIsLost() throws Exception {
        Path err = folder.resolve("err");
        Path a = Files.createDirectories(folder.resolve("disk-a"));
        Path b = Files.createDirectories(folder.resolve("disk-b"));
        String[] large = {"--compression", "full", "--precision", "float64", "--shard-size", "8M"};
        Path undisturbed = folder.resolve("undisturbed");
        index(undisturbed, large);
        long basis = Files.size(undisturbed.resolve("basis.safetensors"));
        assertThat(Files.size(shards(undisturbed).getFirst())).isGreaterThan(2 * basis);
        List<String> options = new ArrayList<>(List.of(large));
        options.addAll(List.of("--disk", a.toString(), "--disk", b.toString()));
        Object[] command = indexing(store, folder.resolve("documents.jsonl"), options.toArray(String[]::new));
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

    private static String[] small() {
        return new String[] {"--shard-size", "64K"};
    }

    private static boolean killAfter(Duration time, Path err, Object... command)
            throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, command)) {
            return child.killAfter(time);
        }
    }

    private void index(Path out, String... options) {
        Commands.succeed(indexing(out, folder.resolve("documents.jsonl"), options));
    }

    private Object[] indexing(Path out, Path documents, String... options) {
        List<Object> arguments =
                new ArrayList<>(List.of("index", "--factors", factors, "--documents", documents, "--out", out));
        arguments.addAll(List.of(options));
        return with(arguments.toArray());
    }

    private Commands.Answer search(Object... options) {
        Commands.Answer answer = Commands.run(searching(options));
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer;
    }

    private Object[] searching(Object... options) {
        List<Object> arguments = new ArrayList<>(
                List.of("search", "--store", store, "--queries", folder.resolve("queries.jsonl"), "--out", run));
        arguments.addAll(List.of(options));
        return with(arguments.toArray());
    }

    private Object[] with(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--model", folder.resolve("model"), "--backend", "reference", "--dtype", "float64"));
        all.addAll(List.of("--threads", 2, "--memory", "1G", "--progress", "off"));
        return all.toArray();
    }

    private static void flip(Path file, long at) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 1);
        }
    }

    private static List<Path> shards(Path store) throws IOException {
        if (!Files.exists(store)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.toString().endsWith(".arrow"))
                    .sorted()
                    .toList();
        }
    }

    /// Every file but the histories, as text by its name.
    private static Map<String, String> content(Path store) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("history.jsonl")) {
                    content.put(
                            store.relativize(file).toString(),
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return content;
    }
}
