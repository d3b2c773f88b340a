package dev.wellspring.linalg;

import dev.wellspring.linalg.DotProducts.Panel;
import dev.wellspring.linalg.StoredRows.Numbers;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Milliseconds for a batch of 64 MiB of stored documents of 4,096 dimensions, on all processors. `docs/performance`
/// says
/// how to run it; [ScanRates] compares the same work with what the machine can do.
@SuppressWarnings("NullAway.Init") // JMH calls open first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class DotProductsBenchmark {
    private static final int DIMENSIONS = 4096;

    @Param({"vector", "seam"})
    public String kernel = "";

    @Param({"FLOAT64", "FLOAT32", "BFLOAT16", "INT8"})
    public Precision precision = Precision.FLOAT32;

    @Param({"1", "4", "16", "100"})
    public int queries;

    private WorkerPool pool;
    private LinearAlgebra algebra;
    private DotProducts products;
    private StoredFile file;
    private Panel panel;
    private double[] scores;
    private int next;

    @Setup
    public void open() throws IOException {
        pool = new WorkerPool(Runtime.getRuntime().availableProcessors());
        algebra = Backends.open("nd4j", DType.FLOAT32, pool).algebra();
        products = DotProductKernels.open(kernel, algebra, pool).products();
        file = new StoredFile(Path.of(System.getProperty("java.io.tmpdir")), precision, DIMENSIONS, 4);
        panel = products.prepare(
                StoredRows.queries(queries, DIMENSIONS, Numbers.REAL, 2), queries, DIMENSIONS, precision);
        scores = new double[file.batch().count() * queries];
    }

    @Benchmark
    public double[] scan() {
        products.accumulate(
                file.values(next), precision, file.scales(), file.batch().count(), panel, scores);
        next = (next + 1) % file.batches();
        return scores;
    }

    @TearDown
    public void close() {
        panel.close();
        file.close();
        products.close();
        algebra.close();
        pool.close();
    }
}
