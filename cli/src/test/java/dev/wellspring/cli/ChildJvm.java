package dev.wellspring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A command in a process of its own, which can be killed. Runs that write state do so after every shard.
final class ChildJvm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path err;

    private ChildJvm(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /// Looks at what a process has done so far.
    @FunctionalInterface
    interface Moment {
        boolean hasCome() throws IOException;
    }

    /// The commands that the launcher gives vector instructions to.
    private static final Set<Object> COMPUTING =
            Set.of("fit", "score", "index", "search", "train", "demo", "validate", "backends");

    /// Starts `wellspring` with the options the launcher gives to Java.
    ///
    /// @param err takes what the command writes to standard error, after what is there
    static ChildJvm start(Path err, Object... arguments) throws IOException {
        return new ChildJvm(builder(err, List.of(), arguments).start(), err);
    }

    /// Starts it where no file may grow beyond a number of blocks of 512 bytes.
    static ChildJvm startOnASmallDisk(int blocks, Path err, Object... arguments) throws IOException {
        List<String> limit = List.of("sh", "-c", "ulimit -f " + blocks + " && exec \"$@\"", "sh");
        return new ChildJvm(builder(err, limit, arguments).start(), err);
    }

    private static ProcessBuilder builder(Path err, List<String> before, Object... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(options("java.options"));
        if (COMPUTING.contains(arguments[0])) {
            command.add(options("vector.options"));
        }
        command.addAll(List.of("-Dwellspring.commit.seconds=0", "-XX:-UsePerfData", "-Xmx512m", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Wellspring.class.getName()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
    }

    private static String options(String file) {
        return "@" + Path.of("src", "main", "launcher", file).toAbsolutePath();
    }

    /// Whether it has not ended yet.
    boolean isRunning() {
        return process.isAlive();
    }

    /// Kills it at once when a moment has come; returns whether it was still running then.
    boolean killAt(Moment moment) throws IOException, InterruptedException {
        boolean running = waitFor(moment);
        process.destroyForcibly();
        requireEnd();
        return running;
    }

    /// Kills it at once after some time; returns whether it was still running then.
    boolean killAfter(Duration time) throws InterruptedException {
        boolean running = !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        requireEnd();
        return running;
    }

    /// Asks it to stop when a moment has come, and returns its exit status.
    ///
    /// @param signal INT or TERM
    int interruptAt(Moment moment, String signal) throws IOException, InterruptedException {
        if (!waitFor(moment)) {
            throw new AssertionError("ended before it could be interrupted: " + Files.readString(err));
        }
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        return requireEnd();
    }

    /// Waits for its end, and returns its exit status.
    int requireEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + PATIENCE);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// Whether the moment came before the process ended.
    private boolean waitFor(Moment moment) throws IOException, InterruptedException {
        while (!moment.hasCome()) {
            if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }
}
