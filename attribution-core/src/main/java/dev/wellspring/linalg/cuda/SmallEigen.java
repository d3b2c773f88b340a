package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Eigenvectors of a batch of small symmetric matrices, on the host.
final class SmallEigen implements AutoCloseable {
    private final LinearAlgebra host;
    private final Workspace memory;
    private final int n;
    private final List<Tensor> matrices = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> vectors = new ArrayList<>();

    SmallEigen(LinearAlgebra host, int batch, int n) {
        this.host = host;
        this.n = n;
        this.memory = new Workspace(host);
        for (int b = 0; b < batch; b++) {
            matrices.add(memory.allocate(DType.FLOAT64, n, n));
            values.add(memory.allocate(DType.FLOAT64, n));
            vectors.add(memory.allocate(DType.FLOAT64, n, n));
        }
    }

    /// @param symmetric (batch, n, n), row-major
    Found of(double[] symmetric) {
        for (int b = 0; b < matrices.size(); b++) {
            MemorySegment one = MemorySegment.ofArray(symmetric)
                    .asSlice((long) b * n * n * Double.BYTES, (long) n * n * Double.BYTES);
            host.upload(one, DType.FLOAT64, matrices.get(b));
        }
        host.eigh(matrices, values, vectors);
        return new Found(
                n,
                values.stream().map(this::read).toList(),
                vectors.stream().map(this::read).toList());
    }

    private double[] read(Tensor tensor) {
        double[] numbers = new double[Math.toIntExact(tensor.elementCount())];
        host.download(tensor, MemorySegment.ofArray(numbers), DType.FLOAT64);
        return numbers;
    }

    /// Eigenvalues w, rising, and eigenvectors W, in columns, of every matrix.
    record Found(int n, List<double[]> values, List<double[]> vectors) {
        /// W·diag(w^−½) of every matrix, (batch, n, n); 0 instead of eigenvalues below `nothing` of the largest.
        double[] inverseRoots(double nothing) {
            return leading(n, -1, nothing);
        }

        /// The `count` eigenvectors of the largest eigenvalues, falling, times w^(power/2), (batch, n, count).
        double[] leading(int count, int power, double nothing) {
            double[] result = new double[values.size() * n * count];
            for (int b = 0; b < values.size(); b++) {
                double[] w = values.get(b);
                double[] vector = vectors.get(b);
                for (int k = 0; k < count; k++) {
                    int from = n - 1 - k;
                    boolean none = !(w[from] > nothing * w[n - 1]);
                    double factor = power == 0 ? 1 : none ? 0 : Math.pow(w[from], power / 2.0);
                    for (int i = 0; i < n; i++) {
                        result[(b * n + i) * count + k] = factor * vector[i * n + from];
                    }
                }
            }
            return result;
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
