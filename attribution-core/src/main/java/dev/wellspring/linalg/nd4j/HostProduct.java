package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/// Products on nd4j-native. Large ones are ND4J's `matmul` into an existing array; its arrays are views of the
/// tensors' own memory. Small ones, and products with a vector, go to the same OpenBLAS directly.
final class HostProduct implements MatrixProduct {
    /// Multiplications from which on ND4J's 15 to 45 µs for an operation are lost in the noise: about 1 to 2 ms.
    private static final double WORTH_AN_OPERATION = 1 << 27;

    private final OpenBlas blas;

    /// @throws LinkageError when a part of ND4J does not load: the first product, of one element, asks for all parts
    HostProduct(OpenBlas blas) {
        this.blas = blas;
        try (Arena arena = Arena.ofConfined()) {
            Matrix one = new Matrix(arena.allocate(Float.BYTES, Float.BYTES), DType.FLOAT32, 1, 1, 1, false);
            matmul(1, one, one, 0, one);
        }
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        if (c.rows() == 1) {
            rowTimesMatrix(alpha, a, b, beta, c);
        } else if (c.columns() == 1) {
            matrixTimesColumn(alpha, a, b, beta, c);
        } else if (multiplications(a, c) < WORTH_AN_OPERATION) {
            blas.gemm(alpha, a, b, beta, c);
        } else {
            matmul(alpha, a, b, beta, c);
        }
    }

    private static double multiplications(Matrix a, Matrix c) {
        return (double) c.rows() * c.columns() * a.columns();
    }

    private void matmul(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        blas.useOneThread();
        try (INDArray left = view(a);
                INDArray right = view(b);
                INDArray result = view(c)) {
            Nd4j.exec(new Mmul(left, right, result, alpha, beta, MMulTranspose.allFalse()));
        }
    }

    /// An array over the matrix' own memory.
    private static INDArray view(Matrix matrix) {
        long[] shape = {matrix.rows(), matrix.columns()};
        long[] strides = matrix.transposed() ? new long[] {1, matrix.leading()} : new long[] {matrix.leading(), 1};
        boolean single = matrix.type() == DType.FLOAT32;
        DataBuffer buffer = single ? floats(matrix.bytes()) : doubles(matrix.bytes());
        return Nd4j.create(buffer, shape, strides, 0, 'c', single ? DataType.FLOAT : DataType.DOUBLE);
    }

    private static DataBuffer floats(MemorySegment memory) {
        var pointer = Pointers.floats(memory);
        return Nd4j.getDataBufferFactory()
                .create(pointer, DataType.FLOAT, pointer.limit(), FloatIndexer.create(pointer));
    }

    private static DataBuffer doubles(MemorySegment memory) {
        var pointer = Pointers.doubles(memory);
        return Nd4j.getDataBufferFactory()
                .create(pointer, DataType.DOUBLE, pointer.limit(), DoubleIndexer.create(pointer));
    }

    /// cᵀ = Bᵀ·aᵀ for one row a.
    private void rowTimesMatrix(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        var row = new OpenBlas.Vector(a.memory(), a.transposed() ? a.leading() : 1);
        clearIfUnread(beta, c);
        blas.gemv(alpha, b, true, row, beta, new OpenBlas.Vector(c.memory(), 1));
    }

    /// c = A·b for one column b.
    private void matrixTimesColumn(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        var column = new OpenBlas.Vector(b.memory(), b.transposed() ? 1 : b.leading());
        clearIfUnread(beta, c);
        blas.gemv(alpha, a, false, column, beta, new OpenBlas.Vector(c.memory(), c.leading()));
    }

    /// BLAS lets NaN in the old value through when it only scales a vector by zero.
    private static void clearIfUnread(double beta, Matrix c) {
        for (long row = 0; beta == 0 && row < c.rows(); row++) {
            long size = c.type().byteSize();
            c.memory().asSlice(row * c.leading() * size, c.columns() * size).fill((byte) 0);
        }
    }
}
