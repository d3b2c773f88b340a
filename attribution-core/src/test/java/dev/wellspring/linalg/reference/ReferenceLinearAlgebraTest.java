package dev.wellspring.linalg.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ReferenceLinearAlgebraTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return new ReferenceLinearAlgebra();
    }

    @Override
    protected boolean isExactPerRow() {
        return true;
    }

    /// What only the reference promises: cutting the summed axis changes no bit.
    @Test
    void sumsCutIntoTwoCallsKeepTheirBits() {
        try (var algebra = new ReferenceLinearAlgebra();
                var work = new Workspace(algebra)) {
            Tensor x = random(algebra, work, 31, 9);
            Tensor y = random(algebra, work, 31, 7);
            assertThat(filled(algebra, work, 9, 9, out -> {
                        algebra.rankUpdate(0.3, x.rows(0, 13), 0, out);
                        algebra.rankUpdate(0.3, x.rows(13, 31), 1, out);
                        return out;
                    }))
                    .containsExactly(filled(algebra, work, 9, 9, out -> {
                        algebra.rankUpdate(0.3, x, 0, out);
                        return out;
                    }));
            assertThat(filled(algebra, work, 9, 7, out -> {
                        algebra.gemm(0.3, x.rows(0, 13).transposed(), y.rows(0, 13), 0, out);
                        algebra.gemm(0.3, x.rows(13, 31).transposed(), y.rows(13, 31), 1, out);
                        return out;
                    }))
                    .containsExactly(filled(algebra, work, 9, 7, out -> {
                        algebra.gemm(0.3, x.transposed(), y, 0, out);
                        return out;
                    }));
            assertThat(filled(algebra, work, 1, 9, out -> {
                        algebra.segmentSum(x.rows(0, 13), oneDocument(algebra, work, 13), 0, out);
                        algebra.segmentSum(x.rows(13, 31), oneDocument(algebra, work, 18), 1, out);
                        return out;
                    }))
                    .containsExactly(filled(algebra, work, 1, 9, out -> {
                        algebra.segmentSum(x, oneDocument(algebra, work, 31), 0, out);
                        return out;
                    }));
        }
    }

    @Test
    void numbersOutsideATableAreRefusedByRow() {
        try (var algebra = new ReferenceLinearAlgebra();
                var work = new Workspace(algebra)) {
            Tensor table = random(algebra, work, 3, 2);
            Tensor out = random(algebra, work, 2, 2);
            Tensor indices = integers(algebra, work, 0, 3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> algebra.gather(table, indices, 0, out))
                    .withMessage("indices[1]: expected 0 to 2, got 3");
            Tensor weights = work.allocate(DType.FLOAT64, 2);
            algebra.fill(weights, 1);
            Tensor losses = work.allocate(DType.FLOAT64, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> algebra.crossEntropy(out, indices, weights, 0, losses))
                    .withMessage("labels[1]: expected 0 to 1, got 3");
            Tensor heads = out.split(1, 1, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            algebra.rotary(heads, table.columns(0, 1), table.columns(0, 1), indices, false, false))
                    .withMessage("positions[1]: expected 0 to 2, got 3");
        }
    }

    @Test
    void decompositionsRefuseNumbersThatAreNotFinite() {
        try (var algebra = new ReferenceLinearAlgebra();
                var work = new Workspace(algebra)) {
            Tensor a = random(algebra, work, 3, 3);
            algebra.fill(a.slice(0, 2, 3).columns(1, 2), Double.NaN);
            Tensor values = work.allocate(DType.FLOAT64, 3);
            Tensor vectors = work.allocate(DType.FLOAT64, 3, 3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> algebra.eigh(a, values, vectors))
                    .withMessage("a[2, 1]: expected a finite number, got NaN");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> algebra.truncatedSvd(a, vectors, vectors))
                    .withMessage("a: expected finite numbers, got NaN");
        }
    }

    private static double[] filled(
            LinearAlgebra algebra, Workspace work, long rows, long columns, Function<Tensor, Tensor> operation) {
        Tensor out = operation.apply(work.allocate(DType.FLOAT64, rows, columns));
        double[] values = new double[Math.toIntExact(rows * columns)];
        algebra.download(out, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    private static Tensor random(LinearAlgebra algebra, Workspace work, int rows, int columns) {
        Tensor tensor = work.allocate(DType.FLOAT64, rows, columns);
        double[] values =
                new SplittableRandom(7).doubles((long) rows * columns, -1, 1).toArray();
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
        return tensor;
    }

    private static Tensor integers(LinearAlgebra algebra, Workspace work, int... values) {
        Tensor tensor = work.allocate(DType.INT32, values.length);
        algebra.upload(MemorySegment.ofArray(values), DType.INT32, tensor);
        return tensor;
    }

    private static Segments oneDocument(LinearAlgebra algebra, Workspace work, int rows) {
        return new Segments(new int[] {0, rows}, integers(algebra, work, 0, rows));
    }
}
