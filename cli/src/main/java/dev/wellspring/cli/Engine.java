package dev.wellspring.cli;

import dev.wellspring.linalg.Backends;
import dev.wellspring.linalg.Closing;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What computes during one verb: threads, a backend, and those who listen.
final class Engine implements AutoCloseable {
    /// State is saved at the end of the first shard after so long.
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);

    private final RunScope scope;
    private final DType type;
    private final WorkerPool pool;
    private final Loaded backend;
    private final List<LinearAlgebra> devices = new ArrayList<>();

    Engine(RunScope scope, ComputeOptions options) {
        this(scope, options.backendWord(), options.dtype, options.threads());
    }

    /// Computes on several devices.
    Engine(RunScope scope, ComputeOptions options, DevicesOption asked) {
        this(scope, options);
        try {
            openDevices(asked);
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
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
        devices.add(backend.algebra());
        scope.progress()
                .note("backend: " + backend.choice().name() + ", "
                        + backend.choice().why());
    }

    private void openDevices(DevicesOption asked) {
        String name = backend.choice().name();
        int there = Backends.devices(name);
        int wanted = asked.count(there, name);
        if (there > wanted) {
            scope.progress().note("devices: " + wanted + " of " + there + "; --devices all takes all");
        }
        try {
            for (int device = 1; device < wanted; device++) {
                devices.add(Backends.openOn(name, device, type, pool));
            }
        } catch (IllegalArgumentException refused) {
            throw new BadInputException(String.valueOf(refused.getMessage()));
        }
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

    /// How memory is spent: the process', or, when tensors live on devices, that of the smallest.
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
        var host = new MemorySize(
                MemorySize.halfOfMachine().bytes() / devices.size()); // each has its own copy of what waits there
        return devices.stream()
                .flatMap(algebra -> algebra.device().stream())
                .map(device -> DeviceBudget.of(device, run.memoryAsked(), weights, host))
                .min(Comparator.comparingLong(MemoryBudget::bytes))
                .orElseGet(() -> new MemoryBudget(run.memory().bytes()));
    }

    /// For the stages of a run.
    RunContext context() {
        String seconds = System.getProperty("wellspring.commit.seconds", "");
        Duration every = seconds.isEmpty() ? COMMIT_EVERY : Duration.ofSeconds(Long.parseLong(seconds));
        return new RunContext(
                devices.stream().map(scope::timed).toList(),
                scope.progress(),
                scope.metrics(),
                scope.cancellation(),
                every,
                Version.text());
    }

    /// One more backend of the same kind, which computes on its caller's thread alone; the caller closes it.
    LinearAlgebra lane() {
        return scope.timed(Backends.open(backend.algebra().name(), type, RowParallel.serial())
                .algebra());
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
        try (pool;
                var opened = new Closing()) {
            devices.forEach(opened::add);
        }
    }
}
