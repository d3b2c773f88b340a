package dev.wellspring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Command lines, run in this process.
final class Commands {
    private static final List<String> DEMO = List.of(
            "model/config.json",
            "model/model.safetensors",
            "model/tokenizer.json",
            "model/tokenizer_config.json",
            "documents.jsonl",
            "queries.jsonl");

    private Commands() {}

    /// What a command left behind.
    record Answer(int status, String out, String err) {
        /// The lines on standard error that are the command's own: neither notes nor progress.
        List<String> complaints() {
            return err.lines().filter(line -> line.startsWith("wellspring")).toList();
        }
    }

    /// Runs one command line; arguments may be paths.
    static Answer run(Object... arguments) {
        var screen = new Screen();
        int status = Wellspring.run(
                screen.piped(), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Answer(status, screen.out(), screen.err());
    }

    /// Runs one that must succeed on a terminal of so many columns, and returns the lines that stand there.
    static List<String> onTerminal(int columns, Object... arguments) {
        var screen = new Screen();
        int status = Wellspring.run(
                screen.wide(columns), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        if (status != ExitStatus.DONE) {
            throw new AssertionError(screen.err());
        }
        return screen.out().lines().toList();
    }

    /// Runs one that must succeed, and returns what it wrote to standard output.
    static String succeed(Object... arguments) {
        Answer answer = run(arguments);
        if (answer.status() != ExitStatus.DONE) {
            throw new AssertionError(answer.err());
        }
        return answer.out();
    }

    /// Copies a trained example into a folder: `model/`, `documents.jsonl` (the first so many) and
    /// `queries.jsonl`.
    static void copyDemo(Path folder, int documents) throws IOException {
        Files.createDirectories(folder.resolve("model"));
        for (String file : DEMO) {
            try (InputStream resource = Commands.class.getResourceAsStream("demo/" + file)) {
                Files.copy(Objects.requireNonNull(resource, file), folder.resolve(file));
            }
        }
        Path corpus = folder.resolve("documents.jsonl");
        Files.write(corpus, Files.readAllLines(corpus).stream().limit(documents).toList());
    }
}
