package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenBlasTest {
    private static final int ROWS = 60;
    private static final int COLUMNS = 14;
    private static final int LEADING = 17;

    private static OpenBlas library;

    @BeforeAll
    static void load() {
        assumeTrue(CpuLinearAlgebra.isOnClassPath(), "OpenBLAS for this machine");
        library = new OpenBlas();
    }

    /// Columns that share more and more, until Cholesky factors do not exist.
    @ParameterizedTest
    @CsvSource({"1", "1e-1", "1e-3", "1e-5", "1e-9"})
    void columnsBecomeOrthonormalAndSpanWhatTheySpanned(double own) {
        double[][] columns = columns(own);
        double[][] basis = orthonormalised(columns);
        assertOrthonormal(basis);
        for (double[] column : columns) {
            double[] rest = column.clone();
            for (double[] direction : basis) {
                double share = dot(direction, column);
                Arrays.setAll(rest, i -> rest[i] - share * direction[i]);
            }
            assertThat(dot(rest, rest)).isLessThan(1e-24 * dot(column, column));
        }
    }

    @Test
    void columnsOfAnySizeDo() {
        double[][] columns = columns(1);
        for (int j = 0; j < COLUMNS; j++) {
            double factor = Math.pow(10, 3.0 * j - 18);
            Arrays.setAll(columns[j], scaled(columns[j], factor));
        }
        assertOrthonormal(orthonormalised(columns));
    }

    /// Each column has a fiftieth of its square that the one before it lacks, and yet the last ones are far from
    /// what their Cholesky factors say.
    @Test
    void columnsThatLeanOnTheOneBeforeDo() {
        double[][] columns = new double[COLUMNS][ROWS];
        columns[0][0] = 1;
        for (int j = 1; j < COLUMNS; j++) {
            columns[j][j - 1] = Math.sqrt(0.98);
            columns[j][j] = Math.sqrt(0.02);
        }
        assertOrthonormal(orthonormalised(columns));
    }

    /// Then the basis is one of more than they span.
    @Test
    void columnsThatDependOnEachOtherAndZerosDo() {
        double[][] columns = columns(1);
        columns[3] = new double[ROWS];
        columns[5] = columns[1].clone();
        assertOrthonormal(orthonormalised(columns));
    }

    @Test
    void nanIsRefused() {
        double[][] columns = columns(1);
        columns[2][4] = Double.NaN;
        assertThatThrownBy(() -> orthonormalised(columns))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("finite");
    }

    /// Each column is the first but for a part of its own.
    private static double[][] columns(double own) {
        var random = new SplittableRandom(3);
        double[] first = random.doubles(ROWS, -1, 1).toArray();
        double[][] columns = new double[COLUMNS][];
        for (int j = 0; j < COLUMNS; j++) {
            double[] part = random.doubles(ROWS, -own, own).toArray();
            columns[j] = part;
            Arrays.setAll(part, i -> first[i] + part[i]);
        }
        return columns;
    }

    private static double[][] orthonormalised(double[][] columns) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(ROWS * LEADING * 8L, 64);
            var matrix = new Matrix(memory, DType.FLOAT64, ROWS, COLUMNS, LEADING, false);
            memory.fill((byte) 0x3f);
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    memory.setAtIndex(ValueLayout.JAVA_DOUBLE, (long) i * LEADING + j, columns[j][i]);
                }
            }
            double between = memory.getAtIndex(ValueLayout.JAVA_DOUBLE, COLUMNS);
            library.orthonormalise(matrix, arena.allocate(COLUMNS * 8L, 64));
            double[][] basis = new double[COLUMNS][ROWS];
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    basis[j][i] = memory.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) i * LEADING + j);
                }
                assertThat(memory.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) i * LEADING + COLUMNS))
                        .isEqualTo(between);
            }
            return basis;
        }
    }

    private static void assertOrthonormal(double[][] basis) {
        for (int i = 0; i < basis.length; i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(Math.abs(dot(basis[i], basis[j]) - (i == j ? 1 : 0)))
                        .as("%d, %d", i, j)
                        .isLessThan(1e-12);
            }
        }
    }

    private static IntToDoubleFunction scaled(double[] values, double factor) {
        double[] old = values.clone();
        return i -> old[i] * factor;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
