package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Runs that are killed, wherever that happens, go on and end with the bytes of an undisturbed run.
@DisabledOnOs(OS.WINDOWS)
class KillAndResumeIT {
    @TempDir
    Path folder;

    private Path undisturbedFactors;
    private Path undisturbedScores;
    private Path factors;
    private Path scores;
    private Path err;

    @BeforeEach
    void place() {
        undisturbedFactors = folder.resolve("undisturbed-factors");
        undisturbedScores = folder.resolve("undisturbed-scores");
        factors = folder.resolve("factors");
        scores = folder.resolve("scores");
        err = folder.resolve("err");
    }

    @Test
    void killedRunsEndWithTheBytesOfUndisturbedOnes() throws Exception {
        copyDocuments(80);
        Object[] fit = fitting(factors, "nd4j");
        Commands.succeed(fitting(undisturbedFactors, "nd4j"));
        List<Boolean> kills = new ArrayList<>();
        kills.add(killAfter(Duration.ofMillis(700), fit));
        kills.add(killAt(() -> isNoted(factors, "coverage"), fit));
        kills.add(killAt(() -> isCommitted(factors, "covariance-0", 12), fit));
        kills.add(killAt(() -> exists(factors, "partial/covariance-0\\.\\d+\\.safetensors\\.part"), fit));
        kills.add(killAt(() -> exists(factors, "activation_eigenvectors\\.safetensors\\.part"), fit));
        kills.add(killAt(() -> isCommitted(factors, "lambda-0", 12), fit));
        kills.add(killAt(() -> exists(factors, "lambda_matrix\\.safetensors.*"), fit));
        finish(fit);
        assertThat(kills).as(Files.readString(err)).contains(true);
        assertThat(Files.readString(err))
                .containsPattern("covariance: going on after \\d+ documents")
                .containsPattern("lambda: going on after \\d+ documents");
        assertSameBytes(undisturbedFactors, factors);

        Object[] score = scoring(undisturbedFactors, scores, "nd4j");
        Commands.succeed(scoring(undisturbedFactors, undisturbedScores, "nd4j"));
        killAt(() -> exists(scores, "query-block\\.safetensors.*"), score);
        killAt(() -> exists(scores, "queries\\.json"), score);
        killAt(() -> exists(scores, "scores-0000[2-9]\\.arrow"), score);
        killAt(() -> exists(scores, "tokens-0000[4-9]\\.arrow"), score);
        killAfter(Duration.ofMillis(1500), score);
        killAt(() -> exists(scores, "partial/bm25"), score);
        killAt(() -> exists(scores, "bm25-0000[1-9]\\.arrow"), score);
        killAt(() -> exists(scores, "query-tokens.*"), score);
        finish(score);
        assertThat(Files.readString(err)).containsPattern("scores: going on after \\d+ documents");
        assertSameBytes(undisturbedScores, scores);
    }

    @Test
    void runOnSomeOfTheDocumentsKeepsToThemWhenItGoesOn() throws Exception {
        copyDocuments(60);
        Object[] fit = fitting(factors, "reference", "--fit-documents", "40");
        Commands.succeed(fitting(undisturbedFactors, "reference", "--fit-documents", "40"));
        killAt(() -> isCommitted(factors, "covariance-0", 8), fit);
        killAt(() -> isCommitted(factors, "lambda-0", 8), fit);
        finish(fit);
        assertThat(Files.readString(err)).contains("covariance: going on after").contains("lambda: going on after");
        assertSameBytes(undisturbedFactors, factors);

        Object[] score = scoring(undisturbedFactors, scores, "reference");
        Commands.succeed(scoring(undisturbedFactors, undisturbedScores, "reference"));
        killAt(() -> exists(scores, "scores-00001\\.arrow"), score);
        finish(score);
        assertThat(Files.readString(err)).contains("scores: going on after");
        assertSameBytes(undisturbedScores, scores);
    }

    @Test
    void runsThatAreAskedToStopSayHowToGoOn() throws Exception {
        copyDocuments(60);
        Object[] fit = fitting(factors, "reference");
        Commands.succeed(fitting(undisturbedFactors, "reference"));
        int stoppedFit;
        try (ChildJvm child = ChildJvm.start(err, fit)) {
            stoppedFit = child.interruptAt(() -> isCommitted(factors, "covariance-0", 8), "TERM");
        }
        assertThat(stoppedFit).isEqualTo(ExitStatus.FAILED);
        assertThat(Files.readString(err))
                .contains("To continue later: wellspring fit --out " + factors + " --backend reference --model")
                .containsPattern("wellspring fit: stopped on request after \\d+ documents of stage covariance;"
                        + " the same command continues it\n");
        finish(fit);
        assertSameBytes(undisturbedFactors, factors);

        Object[] score = scoring(undisturbedFactors, scores, "reference");
        Commands.succeed(scoring(undisturbedFactors, undisturbedScores, "reference"));
        int stoppedScore;
        try (ChildJvm child = ChildJvm.start(err, score)) {
            String signal = Signalled.isIgnored("INT") ? "TERM" : "INT";
            stoppedScore = child.interruptAt(() -> exists(scores, "scores-00001\\.arrow"), signal);
        }
        assertThat(stoppedScore).isEqualTo(ExitStatus.FAILED);
        assertThat(Files.readString(err))
                .containsPattern("wellspring score: stopped on request after \\d+ documents; the same command");
        assertThat(Manifest.read(scores).complete()).isFalse();
        finish(score);
        assertSameBytes(undisturbedScores, scores);
    }

    /// No file may grow beyond 16 KiB: what the system says then is what it says of a full disk but for the reason.
    @Test
    void fullDiskIsNamedAndTheRunGoesOnOnceThereIsRoom() throws Exception {
        copyDocuments(60);
        Object[] fit = fitting(factors, "reference");
        Commands.succeed(fitting(undisturbedFactors, "reference"));
        int full;
        try (ChildJvm child = ChildJvm.startOnASmallDisk(32, err, fit)) {
            full = child.requireEnd();
        }
        assertThat(Files.readString(err))
                .containsPattern("wellspring fit: \\S+/factors/partial/covariance-0\\.\\d+\\.safetensors: cannot be"
                        + " written \\(File too large\\); make room or choose another folder, then run again");
        assertThat(full).isEqualTo(ExitStatus.BAD_INPUT);
        finish(fit);
        assertSameBytes(undisturbedFactors, factors);

        String[] largeShards = {"--shard-tokens", "262144", "--rank", "2"};
        Object[] score = scoring(undisturbedFactors, scores, "reference", largeShards);
        Commands.succeed(scoring(undisturbedFactors, undisturbedScores, "reference", largeShards));
        int shard = (int) Files.size(undisturbedScores.resolve("tokens-00000.arrow"));
        try (ChildJvm child = ChildJvm.startOnASmallDisk(shard / 512, err, score)) {
            full = child.requireEnd();
        }
        assertThat(Files.readString(err))
                .containsPattern("wellspring score: \\S+/scores/tokens-00000\\.arrow.part: cannot be written"
                        + " \\(File too large\\); make room");
        assertThat(full).isEqualTo(ExitStatus.BAD_INPUT);
        finish(score);
        assertSameBytes(undisturbedScores, scores);
    }

    private void copyDocuments(int count) throws IOException {
        Commands.copyDemo(folder, count - 1);
        Files.writeString(
                folder.resolve("documents.jsonl"), "{\"id\": \"none\", \"text\": \"\"}\n", StandardOpenOption.APPEND);
    }

    private boolean killAt(ChildJvm.Moment moment, Object... command) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, command)) {
            return child.killAt(moment);
        }
    }

    private boolean killAfter(Duration time, Object... command) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, command)) {
            return child.killAfter(time);
        }
    }

    private void finish(Object... command) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, command)) {
            int status = child.requireEnd();
            assertThat(status).as(Files.readString(err)).isEqualTo(ExitStatus.DONE);
        }
    }

    private Object[] fitting(Path out, String backend, String... options) {
        List<Object> arguments = new ArrayList<>(List.of("fit", "--out", out, "--backend", backend));
        return with(arguments, options);
    }

    private Object[] scoring(Path fitted, Path out, String backend, String... options) {
        List<Object> arguments = new ArrayList<>(List.of("score", "--out", out, "--backend", backend));
        arguments.addAll(List.of("--factors", fitted, "--queries", folder.resolve("queries.jsonl"), "--token-scores"));
        arguments.addAll(List.of("--query-token-scores", 10));
        return with(arguments, options);
    }

    private Object[] with(List<Object> arguments, String... options) {
        arguments.addAll(List.of("--model", folder.resolve("model")));
        arguments.addAll(List.of("--documents", folder.resolve("documents.jsonl")));
        arguments.addAll(List.of("--threads", 2, "--memory", "1G", "--progress", "off"));
        if (!List.of(options).contains("--shard-tokens")) {
            arguments.addAll(List.of("--shard-tokens", 96));
        }
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    private static boolean exists(Path run, String pattern) throws IOException {
        return files(run).anyMatch(Pattern.compile(pattern).asMatchPredicate());
    }

    private static boolean isNoted(Path run, String finding) throws IOException {
        Path manifest = run.resolve(Manifest.FILE);
        return Files.exists(manifest) && Files.readString(manifest).contains('"' + finding + '"');
    }

    /// Whether a pass over the documents has come so far at least, but not to its end.
    private static boolean isCommitted(Path run, String pass, long documents) throws IOException {
        Pattern state = Pattern.compile("partial/" + pass + "\\.(\\d+)\\.safetensors");
        return files(run)
                .map(state::matcher)
                .filter(Matcher::matches)
                .anyMatch(found -> Long.parseLong(found.group(1)) >= documents);
    }

    /// The names of the files in a run folder that may not be there yet; those in its subfolder begin with its name.
    private static Stream<String> files(Path run) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path place : List.of(run, run.resolve("partial"))) {
            try (Stream<Path> files = Files.list(place)) {
                files.forEach(file -> names.add(run.relativize(file).toString()));
            } catch (NoSuchFileException notYet) {
                return names.stream();
            }
        }
        return names.stream();
    }

    private static void assertSameBytes(Path undisturbed, Path resumed) throws IOException {
        Map<String, Path> expected = content(undisturbed);
        Map<String, Path> found = content(resumed);
        assertThat(found.keySet()).isEqualTo(expected.keySet()).noneMatch(name -> name.endsWith(".part"));
        for (String name : expected.keySet()) {
            assertThat(found.get(name)).hasSameBinaryContentAs(expected.get(name));
        }
        assertThat(Manifest.read(resumed).complete()).isTrue();
        assertThat(resumed.resolve("partial")).doesNotExist();
    }

    private static Map<String, Path> content(Path run) throws IOException {
        Map<String, Path> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(run)) {
            files.filter(file -> !file.endsWith("history.jsonl"))
                    .forEach(file -> content.put(String.valueOf(file.getFileName()), file));
        }
        return content;
    }
}
