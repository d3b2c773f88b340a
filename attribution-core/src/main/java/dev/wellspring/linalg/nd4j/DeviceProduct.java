package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/// Products on a backend with memory of its own, nd4j-cuda: every product sends its operands over the bus and
/// fetches its result.
///
/// Tensors stay in host memory, because ND4J's own kernels for the layers would be the next bottleneck: this path
/// only pays where a product does much more arithmetic than transfer, that is for n above about 2,000. nd4j-cuda-11.6
/// holds machine code for compute capabilities 3.7 to 8.6 and nothing that newer devices could translate. Only calls
/// that every ND4J backend has are used, so that the tests can run it on nd4j-native.
final class DeviceProduct implements MatrixProduct {
    @Override
    public boolean concurrent() {
        return false;
    }

    @Override
    public void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        try (INDArray left = send(a);
                INDArray right = send(b);
                INDArray result = beta == 0 ? Nd4j.create(typeOf(c), c.rows(), c.columns()) : send(c)) {
            INDArray first = a.transposed() ? left.transpose() : left;
            INDArray second = b.transposed() ? right.transpose() : right;
            Nd4j.exec(new Mmul(first, second, result, alpha, beta, MMulTranspose.allFalse()));
            fetch(result, c);
        }
    }

    private static org.nd4j.linalg.api.buffer.DataType typeOf(Matrix matrix) {
        return matrix.type() == DType.FLOAT32
                ? org.nd4j.linalg.api.buffer.DataType.FLOAT
                : org.nd4j.linalg.api.buffer.DataType.DOUBLE;
    }

    /// The stored matrix as a device array, its rows side by side.
    private static INDArray send(Matrix matrix) {
        int rows = matrix.storedRows();
        int columns = matrix.storedColumns();
        long[] shape = {rows, columns};
        if (matrix.type() == DType.FLOAT32) {
            float[] values = new float[Math.multiplyExact(rows, columns)];
            for (int row = 0; row < rows; row++) {
                MemorySegment.copy(
                        matrix.memory(),
                        ValueLayout.JAVA_FLOAT,
                        4L * row * matrix.leading(),
                        values,
                        row * columns,
                        columns);
            }
            return Nd4j.create(values, shape, 'c');
        }
        double[] values = new double[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(
                    matrix.memory(),
                    ValueLayout.JAVA_DOUBLE,
                    8L * row * matrix.leading(),
                    values,
                    row * columns,
                    columns);
        }
        return Nd4j.create(values, shape, 'c');
    }

    private static void fetch(INDArray array, Matrix target) {
        int columns = target.columns();
        if (target.type() == DType.FLOAT32) {
            float[] values = array.data().asFloat();
            for (int row = 0; row < target.rows(); row++) {
                MemorySegment.copy(
                        values,
                        row * columns,
                        target.memory(),
                        ValueLayout.JAVA_FLOAT,
                        4L * row * target.leading(),
                        columns);
            }
            return;
        }
        double[] values = array.data().asDouble();
        for (int row = 0; row < target.rows(); row++) {
            MemorySegment.copy(
                    values,
                    row * columns,
                    target.memory(),
                    ValueLayout.JAVA_DOUBLE,
                    8L * row * target.leading(),
                    columns);
        }
    }
}
