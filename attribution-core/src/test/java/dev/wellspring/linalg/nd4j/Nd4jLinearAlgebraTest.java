package dev.wellspring.linalg.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class Nd4jLinearAlgebraTest extends LinearAlgebraContract {
    /// Uneven ranges, the last one first.
    private static final RowParallel IN_PIECES = (count, body) -> {
        body.accept(count / 3, count);
        body.accept(1, count / 3);
        body.accept(0, 1);
    };

    @Override
    protected LinearAlgebra create() {
        return new Nd4jLinearAlgebra(RowParallel.serial());
    }

    /// ND4J's own dependency, 0.3.19, computes wrong float64 eigenvectors on AVX-512 machines from n = 256 on.
    @Test
    void theBlasIsTheOneWhoseEigenvectorsAreRight() {
        assertThat(OpenBlas.config())
                .hasValueSatisfying(config -> assertThat(config).startsWith("OpenBLAS 0.3.31 "));
        assertThat(algebra().description()).contains("ND4J native", "OpenBLAS 0.3.31");
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 1e-6", "FLOAT64, 1e-15"})
    void productsLargeEnoughForNd4jAreRightOnStridedOperands(DType type, double tolerance) {
        try (var reference = new ReferenceLinearAlgebra();
                var work = new Workspace(algebra())) {
            Tensor a = random(work, type, 600, 520).rows(7, 590).columns(3, 516);
            Tensor b = random(work, type, 510, 513).columns(0, 513).transposed();
            Tensor c = random(work, type, 590, 530);
            Tensor expected = work.allocate(type, 590, 530);
            algebra().copy(c, expected);
            algebra().gemm(0.5, a, b, 2, c.rows(1, 584).columns(9, 519));
            reference.gemm(0.5, a, b, 2, expected.rows(1, 584).columns(9, 519));
            assertClose(c, expected, 20 * 513 * tolerance / 23);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            mode = Mode.INCLUDE,
            names = {"FLOAT32", "FLOAT64"})
    void productsByWayOfADeviceAreTheProductsOfTheHost(DType type) {
        MatrixProduct device = new DeviceProduct();
        MatrixProduct host = new HostProduct(new OpenBlas());
        try (var work = new Workspace(algebra())) {
            for (double beta : new double[] {0, 0.5}) {
                Tensor a = random(work, type, 40, 30).rows(0, 33).columns(2, 30).transposed();
                Tensor b = random(work, type, 17, 40).columns(1, 34).transposed();
                Tensor c = random(work, type, 30, 20);
                Tensor expected = work.allocate(type, 30, 20);
                algebra().copy(c, expected);
                Matrix target = Matrix.of(c.rows(1, 29).columns(2, 19));
                device.multiply(-1.5, Matrix.of(a), Matrix.of(b), beta, target);
                host.multiply(
                        -1.5,
                        Matrix.of(a),
                        Matrix.of(b),
                        beta,
                        Matrix.of(expected.rows(1, 29).columns(2, 19)));
                assertClose(c, expected, 1e-5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            mode = Mode.INCLUDE,
            names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
    void howRowsAreSpreadChangesNoBit(DType type) {
        try (var pieces = new Nd4jLinearAlgebra(IN_PIECES);
                var work = new Workspace(algebra())) {
            Tensor x = random(work, type, 300, 200);
            Tensor square = random(work, type, 3, 130, 130);
            assertThat(layers(pieces, x, square)).containsExactly(layers(algebra(), x, square));
        }
    }

    /// A bit of everything that is spread over rows, on operands large enough for that.
    private static double[] layers(LinearAlgebra algebra, Tensor x, Tensor square) {
        try (var work = new Workspace(algebra)) {
            Tensor y = work.allocate(x.type(), x.shape());
            Tensor statistics = work.allocate(DType.FLOAT64, x.size(0), 2);
            algebra.normForward(NormKind.LAYER_NORM, 1e-5, x, null, null, y, statistics);
            algebra.activationBackward(Activation.GELU, x, y, y);
            algebra.add(0.3, x, y);
            Tensor p = work.allocate(square.type(), square.shape());
            algebra.copy(square, p);
            algebra.causalSoftmax(p, new AttentionShape(1, 40, 0));
            Tensor products = work.allocate(DType.FLOAT64, square.shape());
            algebra.batchedGemm(1, p, square.transposed(), 0, products);
            Tensor covariance = work.allocate(DType.FLOAT64, x.size(1), x.size(1));
            algebra.rankUpdate(1, y, 0, covariance);
            Tensor sum = work.allocate(DType.FLOAT64, 1);
            algebra.dot(x, y, 0, sum);
            algebra.dot(p, square, 1, sum);
            algebra.dot(products, products, 1, sum);
            algebra.dot(covariance, covariance, 1, sum);
            return new double[] {
                numbers(algebra, sum)[0],
                numbers(algebra, y)[777],
                numbers(algebra, covariance)[3],
                numbers(algebra, p)[9]
            };
        }
    }

    /// Directions as LAPACK finds them, for a matrix that is decomposed through its Gram matrix.
    @ParameterizedTest
    @CsvSource({"1200, 300, 12", "300, 1100, 12"})
    void leadingSingularValuesOfALargeMatrixAreExactEvenWhenSmall(int m, int n, int rank) {
        try (var work = new Workspace(algebra())) {
            Tensor left = orthonormalColumns(work, m, 40);
            Tensor right = orthonormalColumns(work, n, 40);
            Tensor scaled = work.allocate(DType.FLOAT64, m, 40);
            double[] factors = new double[40];
            for (int j = 0; j < factors.length; j++) {
                factors[j] = Math.pow(10, -j);
            }
            double[] values = numbers(algebra(), left);
            for (int i = 0; i < values.length; i++) {
                values[i] *= factors[i % 40];
            }
            algebra().upload(MemorySegment.ofArray(values), DType.FLOAT64, scaled);
            Tensor a = work.allocate(DType.FLOAT64, m, n);
            algebra().gemm(1, scaled, right.transposed(), 0, a);
            Tensor u = work.allocate(DType.FLOAT64, m, rank);
            Tensor v = work.allocate(DType.FLOAT64, n, rank);
            algebra().truncatedSvd(a, u, v);
            Tensor lengths = work.allocate(DType.FLOAT64, rank, rank);
            algebra().rankUpdate(1, u, 0, lengths);
            double[] squares = numbers(algebra(), lengths);
            for (int j = 0; j < rank; j++) {
                assertThat(Math.sqrt(squares[j * rank + j]) / factors[j])
                        .as("singular value %d", j)
                        .isBetween(1 - 1e-14 / factors[j], 1 + 1e-14 / factors[j]);
            }
        }
    }

    private Tensor orthonormalColumns(Workspace work, int n, int columns) {
        Tensor random = random(work, DType.FLOAT64, n, columns);
        Tensor u = work.allocate(DType.FLOAT64, n, columns);
        Tensor v = work.allocate(DType.FLOAT64, columns, columns);
        Tensor gram = work.allocate(DType.FLOAT64, columns, columns);
        algebra().rankUpdate(1, random, 0, gram);
        Tensor values = work.allocate(DType.FLOAT64, columns);
        algebra().eigh(gram, values, v);
        algebra().gemm(1, random, v, 0, u);
        double[] rows = numbers(algebra(), u);
        double[] squares = numbers(algebra(), values);
        for (int i = 0; i < rows.length; i++) {
            rows[i] /= Math.sqrt(squares[i % columns]);
        }
        algebra().upload(MemorySegment.ofArray(rows), DType.FLOAT64, u);
        return u;
    }

    private static Tensor random(Workspace work, DType type, long... shape) {
        Tensor tensor = work.allocate(type, shape);
        var random = new SplittableRandom(tensor.elementCount());
        double[] values = random.doubles(tensor.elementCount(), -1, 1).toArray();
        try (var reference = new ReferenceLinearAlgebra()) {
            reference.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
        }
        return tensor;
    }

    private static double[] numbers(LinearAlgebra algebra, Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        algebra.download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    private void assertClose(Tensor actual, Tensor expected, double tolerance) {
        double[] now = numbers(algebra(), actual);
        double[] wanted = numbers(algebra(), expected);
        for (int i = 0; i < now.length; i++) {
            assertThat(Math.abs(now[i] - wanted[i])).as("element %d", i).isLessThanOrEqualTo(tolerance);
        }
    }

    /// Mapped files and scratch of one stage belong to the thread that opened them.
    @Test
    void memoryOfOneThreadIsCopiedInAndOutWhileOthersWork() {
        try (var pool = new WorkerPool(2);
                var parallel = new Nd4jLinearAlgebra(pool);
                var work = new Workspace(parallel);
                Arena confined = Arena.ofConfined()) {
            int n = 300;
            MemorySegment values = confined.allocate(ValueLayout.JAVA_FLOAT, (long) n * n);
            for (int i = 0; i < n * n; i++) {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
            }
            Tensor wider = work.allocate(DType.FLOAT64, n, n);
            parallel.upload(values, DType.FLOAT32, wider);
            MemorySegment back = confined.allocate(ValueLayout.JAVA_FLOAT, (long) n * n);
            parallel.download(wider, back, DType.FLOAT32);
            assertThat(back.mismatch(values)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            mode = Mode.INCLUDE,
            names = {"FLOAT32", "FLOAT64"})
    void theNumberOfThreadsChangesNoBitOfAProduct(DType type) {
        try (var pool = new WorkerPool(3);
                var parallel = new Nd4jLinearAlgebra(pool);
                var work = new Workspace(parallel)) {
            Tensor a = random(work, type, 500, 333);
            Tensor b = random(work, type, 333, 400);
            Tensor alone = work.allocate(type, 500, 400);
            Tensor together = work.allocate(type, 500, 400);
            algebra().gemm(1, a, b, 0, alone);
            parallel.gemm(1, a, b, 0, together);
            assertThat(together.segment().mismatch(alone.segment())).isEqualTo(-1);
            Tensor covariance = work.allocate(DType.FLOAT64, 333, 333);
            Tensor again = work.allocate(DType.FLOAT64, 333, 333);
            algebra().rankUpdate(1, a, 0, covariance);
            parallel.rankUpdate(1, a, 0, again);
            assertThat(again.segment().mismatch(covariance.segment())).isEqualTo(-1);
        }
    }
}
