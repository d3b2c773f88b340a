package dev.wellspring.cli;

import dev.wellspring.linalg.Backends;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.WorkerPool;
import java.time.Duration;
import java.util.Locale;

/// What computes during one verb: threads, a backend, and those who listen.
final class Engine implements AutoCloseable {
    /// State is saved at the end of the first shard after so long.
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);

    private final RunScope scope;
    private final WorkerPool pool;
    private final Backends.Opened backend;

    Engine(RunScope scope, ComputeOptions options) {
        this.scope = scope;
        this.pool = new WorkerPool(options.threads());
        this.backend =
                Backends.open(options.backend.name().toLowerCase(Locale.ROOT), options.dtype, options.threads(), pool);
        scope.progress()
                .note("backend: " + backend.choice().name() + ", "
                        + backend.choice().why());
    }

    /// For the stages of a run.
    RunContext context() {
        String seconds = System.getProperty("wellspring.commit.seconds", "");
        Duration every = seconds.isEmpty() ? COMMIT_EVERY : Duration.ofSeconds(Long.parseLong(seconds));
        return new RunContext(
                backend.algebra(), scope.progress(), scope.metrics(), scope.cancellation(), every, Version.text());
    }

    @Override
    public void close() {
        backend.algebra().close();
        pool.close();
    }
}
