package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// float32 products go through the same calls as bfloat16 ones, so that these are tested on every x86 machine.
class OneDnnTest {
    private static OneDnn library;

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<HostMemory> owned = new ArrayList<>();

    @BeforeAll
    static void load() {
        assumeTrue(OneDnn.LIBRARY.isOnClassPath(), "no oneDNN for this machine on the class path");
        library = new OneDnn();
    }

    @AfterAll
    static void close() {
        if (library != null) {
            library.close();
        }
    }

    @AfterEach
    void release() {
        owned.forEach(HostMemory::close);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, false, false, 1, 0",
        "7, 5, 3, false, false, 1, 0",
        "64, 48, 200, false, true, 1, 1",
        "33, 65, 17, true, false, -0.5, 0",
        "20, 90, 64, true, true, 2, 0.25"
    })
    void productsAreRightForEveryLayout(
            int m, int n, int k, boolean turnedA, boolean turnedB, double alpha, double beta) {
        expectProduct(DType.FLOAT32, DType.FLOAT32, m, n, k, turnedA, turnedB, alpha, beta, 1e-6 * k);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 5, 3, false, false, 1, 0, FLOAT32",
        "64, 48, 200, false, true, 1, 1, FLOAT32",
        "33, 65, 17, true, false, -0.5, 0, FLOAT32",
        "20, 90, 64, true, true, 2, 0.25, FLOAT32",
        "64, 64, 64, false, true, 1, 0, BFLOAT16"
    })
    void bfloat16ProductsAreSummedInFloat32(
            int m, int n, int k, boolean turnedA, boolean turnedB, double alpha, double beta, DType target) {
        assumeTrue(library.hasBfloat16(), "this processor multiplies no bfloat16 numbers");
        double rounding = target == DType.BFLOAT16 ? Math.sqrt(k) / 128 : 0;
        expectProduct(DType.BFLOAT16, target, m, n, k, turnedA, turnedB, alpha, beta, 1e-6 * k + rounding);
    }

    /// Operands are views with rows longer than they need.
    private void expectProduct(
            DType type,
            DType target,
            int m,
            int n,
            int k,
            boolean turnedA,
            boolean turnedB,
            double alpha,
            double beta,
            double tolerance) {
        Tensor a = turnedA ? tensor(type, k, m).transposed() : tensor(type, m, k);
        Tensor b = turnedB ? tensor(type, n, k).transposed() : tensor(type, k, n);
        Tensor c = tensor(target, m, n);
        double[] expected = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += get(a, i, l) * get(b, l, j);
                }
                expected[i * n + j] = alpha * sum + (beta == 0 ? 0 : beta * get(c, i, j));
            }
        }
        if (beta == 0) {
            set(c, 0, 0, Double.NaN); // the old value is not read
        }
        library.multiply(alpha, Matrix.of(a), Matrix.of(b), beta, Matrix.of(c));
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                assertThat(get(c, i, j)).isCloseTo(expected[i * n + j], within(tolerance));
            }
        }
    }

    /// A thread keeps 512 of them.
    @Test
    void productsOfManyShapesAreMadeAgain() {
        for (int round = 0; round < 2; round++) {
            for (int n = 1; n <= 600; n++) {
                expectProduct(DType.FLOAT32, DType.FLOAT32, 1, n, 2, false, false, 1, 0, 1e-6);
            }
        }
    }

    @Test
    void aTypeThatItDoesNotTakeIsRefused() {
        Matrix wide = Matrix.of(tensor(DType.FLOAT64, 2, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> library.multiply(1, wide, wide, 0, wide))
                .withMessage("expected BFLOAT16 or FLOAT32, got FLOAT64");
    }

    private Tensor tensor(DType type, int rows, int columns) {
        HostMemory memory = HostMemory.allocate((rows + 1L) * (columns + 3L) * type.byteSize());
        owned.add(memory);
        Tensor tensor = Tensor.of(memory, type, rows + 1L, columns + 3L)
                .rows(1, rows + 1L)
                .columns(2, columns + 2L);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                set(tensor, i, j, 2 * random.nextDouble() - 1);
            }
        }
        return tensor;
    }

    private static double get(Tensor tensor, long row, long column) {
        long at = row * tensor.stride(0) + column * tensor.stride(1);
        return tensor.type() == DType.BFLOAT16
                ? Bfloat16.toFloat(tensor.segment().getAtIndex(ValueLayout.JAVA_SHORT, at))
                : tensor.segment().getAtIndex(ValueLayout.JAVA_FLOAT, at);
    }

    private static void set(Tensor tensor, long row, long column, double value) {
        long at = row * tensor.stride(0) + column * tensor.stride(1);
        switch (tensor.type()) {
            case BFLOAT16 -> tensor.segment().setAtIndex(ValueLayout.JAVA_SHORT, at, Bfloat16.fromDouble(value));
            case FLOAT64 -> tensor.segment().setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
            default -> tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) value);
        }
    }
}
