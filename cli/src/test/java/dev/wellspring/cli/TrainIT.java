package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `train` and `evaluate` as whole commands.
class TrainIT {
    @TempDir
    Path folder;

    private Path sums;

    /// Sums of two numbers below ten as prompts with completions, a token for each number.
    @BeforeEach
    void makeSums() throws IOException {
        sums = folder.resolve("sums.jsonl");
        var lines = new StringBuilder();
        for (int a = 0; a < 10; a++) {
            for (int b = 0; b < 10; b++) {
                lines.append(
                        "{\"id\": \"%d-%d\", \"kind\": \"reasoning\", \"family\": \"sums\", \"prompt\": \"%d+%d=\", \"completion\": \"%d\", \"even\": %s}\n"
                                .formatted(a, b, a, b, a + b, (a + b) % 2 == 0));
            }
        }
        Files.writeString(sums, lines.toString());
        Commands.succeed(
                "corpus",
                "tokenizer",
                sums,
                "--numbers",
                "whole",
                "--largest",
                20,
                "--vocabulary",
                300,
                "--out",
                folder.resolve("tok"));
    }

    @Test
    void sumsThatAreTrainedOnAreAnswered() throws IOException {
        Commands.succeed(training(folder.resolve("model"), 300));
        Path each = folder.resolve("each.csv");
        String json = Commands.succeed(
                "evaluate",
                "--model",
                folder.resolve("model"),
                "--documents",
                sums,
                "--by",
                "even",
                "--each",
                each,
                "--format",
                "json");
        JsonNode groups = new ObjectMapper().readTree(json);
        assertThat(groups.path("all").path("documents").asInt()).isEqualTo(100);
        assertThat(groups.path("all").path("tokens").asInt()).isEqualTo(100);
        assertThat(groups.path("all").path("exact").asDouble()).isGreaterThan(0.9);
        assertThat(groups.path("even=true").path("documents").asInt()).isEqualTo(50);
        assertThat(Files.readAllLines(each)).hasSize(101);

        // What was trained is a checkpoint like any other, and documents with prompts are documents like any other.
        Path factors = folder.resolve("factors");
        Path run = folder.resolve("run");
        Object[] same = {"--model", folder.resolve("model"), "--documents", sums, "--progress", "off"};
        Commands.succeed(with(same, "fit", "--out", factors));
        Commands.succeed(with(same, "score", "--factors", factors, "--queries", sums(3), "--out", run));
        String top = Commands.succeed("top", run, "-k", 1, "--format", "csv");
        assertThat(top.lines().skip(1)).hasSize(3);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void killedTrainingsEndWithTheBytesOfUndisturbedOnes() throws Exception {
        Path undisturbed = folder.resolve("undisturbed");
        Path killed = folder.resolve("killed");
        Path err = folder.resolve("err");
        Commands.succeed(training(undisturbed, 150));
        int kills = 0;
        for (int steps : new int[] {1, 40, 90}) {
            try (ChildJvm child = ChildJvm.start(err, training(killed, 150))) {
                kills += child.killAt(() -> committed(killed) >= steps) ? 1 : 0;
            }
        }
        try (ChildJvm child = ChildJvm.start(err, training(killed, 150))) {
            assertThat(child.requireEnd()).as(Files.readString(err)).isEqualTo(ExitStatus.DONE);
        }
        assertThat(kills).isPositive();
        assertThat(Files.readString(err)).containsPattern("train: going on after \\d+ steps");
        try (Stream<Path> files = Files.walk(undisturbed)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("history.jsonl"))
                    .toList()) {
                assertThat(killed.resolve(undisturbed.relativize(file))).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedInOneLine() {
        refuse("expected one of the three, got none", "train", "--documents", sums, "--out", folder.resolve("x"));
        refuse(
                "--tokenizer: expected all three",
                "train",
                "--documents",
                sums,
                "--layers",
                1,
                "--width",
                8,
                "--out",
                "x");
        refuse("expected one of them, got both", with(new Object[] {"--epochs", 2}, training(folder.resolve("x"), 5)));
        refuse(
                "float32 or float64 for training",
                with(new Object[] {"--dtype", "bfloat16"}, training(folder.resolve("x"), 5)));
        assertThat(folder.resolve("x")).doesNotExist();
    }

    private Path sums(int count) throws IOException {
        Path some = folder.resolve("some.jsonl");
        return Files.write(some, Files.readAllLines(sums).subList(0, count));
    }

    private static long committed(Path run) throws IOException {
        Path partial = run.resolve("partial");
        if (!Files.exists(partial)) {
            return -1;
        }
        try (Stream<Path> files = Files.list(partial)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("train\\.\\d+\\.safetensors"))
                    .mapToLong(name -> Long.parseLong(name.split("\\.", -1)[1]))
                    .max()
                    .orElse(-1);
        }
    }

    private Object[] training(Path out, int steps) {
        return new Object[] {
            "train",
            "--documents",
            sums,
            "--tokenizer",
            folder.resolve("tok"),
            "--layers",
            1,
            "--width",
            32,
            "--heads",
            2,
            "--steps",
            steps,
            "--batch",
            50,
            "--rate",
            0.01,
            "--checkpoints",
            100,
            "--threads",
            2,
            "--progress",
            "off",
            "--out",
            out
        };
    }

    /// A verb with its options, and then more options.
    private static Object[] with(Object[] more, Object... verb) {
        return Stream.concat(Stream.of(verb), Stream.of(more)).toArray();
    }

    private static void refuse(String message, Object... arguments) {
        Commands.Answer answer = Commands.run(arguments);
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.err()).contains(message);
    }
}
