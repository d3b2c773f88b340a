package dev.wellspring.cli;

import dev.wellspring.linalg.Backends;
import dev.wellspring.linalg.DotProductKernels;
import dev.wellspring.linalg.DotProducts;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import java.time.Duration;

/// What computes during one verb: threads, a backend, and those who listen.
final class Engine implements AutoCloseable {
    /// State is saved at the end of the first shard after so long.
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);

    private final RunScope scope;
    private final DType type;
    private final WorkerPool pool;
    private final Loaded backend;

    Engine(RunScope scope, ComputeOptions options) {
        this(scope, options.backendWord(), options.dtype, options.threads());
    }

    /// @param backendWord what computes, as `--backend` and manifests say it
    Engine(RunScope scope, String backendWord, DType type, int threads) {
        this.scope = scope;
        this.type = type;
        this.pool = new WorkerPool(threads);
        try {
            this.backend = load(backendWord, type, pool);
        } catch (BadInputException refused) {
            pool.close();
            throw refused;
        }
        scope.progress()
                .note("backend: " + backend.choice().name() + ", "
                        + backend.choice().why());
    }

    /// A backend that is closed with this.
    record Loaded(LinearAlgebra algebra, Backends.Choice choice) implements AutoCloseable {
        @Override
        public void close() {
            algebra.close();
        }
    }

    /// Loads a backend.
    ///
    /// @throws BadInputException when it cannot be had
    static Loaded load(String word, DType type, WorkerPool pool) {
        try {
            Backends.Opened opened = Backends.open(word, type, pool);
            return new Loaded(opened.algebra(), opened.choice());
        } catch (IllegalArgumentException refused) {
            throw new BadInputException(String.valueOf(refused.getMessage()));
        }
    }

    /// How memory is spent: the process', or, when tensors live on a device, the device's.
    ///
    /// @throws BadInputException when too little of the device is free
    MemoryBudget budget(RunOptions run, DecoderConfig config) {
        return budget(run, DecoderWeights.byteSize(config, type));
    }

    /// The same for runs that load several models, or none; the default leaves a device's reserve for them.
    MemoryBudget budget(RunOptions run) {
        return budget(run, 0);
    }

    private MemoryBudget budget(RunOptions run, long weights) {
        return backend.algebra()
                .device()
                .map(device -> DeviceBudget.of(device, run.memoryAsked(), weights, MemorySize.halfOfMachine()))
                .orElseGet(() -> new MemoryBudget(run.memory().bytes()));
    }

    /// For the stages of a run.
    RunContext context() {
        String seconds = System.getProperty("wellspring.commit.seconds", "");
        Duration every = seconds.isEmpty() ? COMMIT_EVERY : Duration.ofSeconds(Long.parseLong(seconds));
        return new RunContext(
                backend.algebra(), scope.progress(), scope.metrics(), scope.cancellation(), every, Version.text());
    }

    /// One more backend of the same kind, which computes on its caller's thread alone; the caller closes it.
    LinearAlgebra lane() {
        return Backends.open(backend.algebra().name(), type, RowParallel.serial())
                .algebra();
    }

    /// How rows are spread over the threads.
    RowParallel parallel() {
        return pool;
    }

    /// What multiplies stored gradients; the caller closes it.
    DotProducts dotProducts() {
        DotProductKernels.Opened kernel = DotProductKernels.open(DotProductKernels.AUTO, backend.algebra(), pool);
        scope.progress().note("kernel: " + kernel.products().name() + ", " + kernel.why());
        return kernel.products();
    }

    @Override
    public void close() {
        backend.close();
        pool.close();
    }
}
