package dev.wellspring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A command in a process of its own, with the launcher's options, and what Linux says of its memory.
///
/// @param seconds from start to end
/// @param anonymous the most bytes of memory that no file stands behind: heap, tensors, compiled code, stacks; 0 where
///     the system does not tell
/// @param mapped the most bytes of mapped files that were in memory
record SearchProcess(double seconds, long anonymous, long mapped) {
    /// The Java heap that the launcher gives.
    static final String HEAP = "-Xmx384m";

    /// Runs it to its end, and looks at its memory fifty times a second.
    ///
    /// @param launcher the folder of the launcher's option files
    static SearchProcess run(Path launcher, Path err, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + launcher.resolve("java.options"));
        command.add("@" + launcher.resolve("vector.options"));
        command.addAll(List.of("-Xms64m", HEAP, "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Wellspring.class.getName()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        Path status = Path.of("/proc/" + process.pid() + "/status");
        long anonymous = 0;
        long mapped = 0;
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            List<String> lines = lines(status);
            anonymous = Math.max(anonymous, bytes(lines, "RssAnon:"));
            mapped = Math.max(mapped, bytes(lines, "RssFile:"));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (process.exitValue() != ExitStatus.DONE) {
            throw new AssertionError(Files.readString(err));
        }
        return new SearchProcess(seconds, anonymous, mapped);
    }

    private static List<String> lines(Path status) throws IOException {
        try {
            return Files.exists(status) ? Files.readAllLines(status) : List.of();
        } catch (NoSuchFileException ended) {
            return List.of();
        }
    }

    private static long bytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
