package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;

/// Divides the gradients of one module by its damped curvature: P = Q_S((Q_Sᵀ G Q_A)/(Λ+λ))Q_Aᵀ (Grosse et
/// al., 2023, equation 22).
///
/// Λ is held as a mean. Covariances have no negative eigenvalues; where rounding left some below zero, K-FAC counts
/// them as zero, so that Λ+λ stays positive.
public final class Preconditioner implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final Workspace memory;
    private final LinearModule module;
    private final Division division;

    /// What G is divided by, and in which basis.
    private sealed interface Division {
        /// P = G.
        record None() implements Division {}

        /// P = G / (Λ+λ).
        record ByParameter(Tensor lambda, double damping) implements Division {}

        /// P = Q_S((Q_Sᵀ G Q_A) / (Λ+λ))Q_Aᵀ, with scratch of the shape of G.
        record InEigenbasis(Tensor qA, Tensor qS, Tensor lambda, double damping, Tensor x, Tensor y)
                implements Division {}
    }

    private Preconditioner(LinearAlgebra algebra, Workspace memory, LinearModule module, Division division) {
        this.algebra = algebra;
        this.memory = memory;
        this.module = module;
        this.division = division;
    }

    /// Reads one module's factors.
    ///
    /// @param type the element type to compute in: FLOAT64 or FLOAT32
    /// @throws CheckpointException when factors are missing, or Λ is zero and the damping relative to it
    public static Preconditioner load(
            LinearAlgebra algebra,
            FactorFiles files,
            LinearModule module,
            CurvatureStrategy strategy,
            Damping damping,
            DType type)
            throws IOException {
        Workspace memory = new Workspace(algebra);
        try {
            Division division = switch (strategy) {
                case IDENTITY -> new Division.None();
                case DIAGONAL -> {
                    Tensor lambda = memory.allocate(type, module.outputs(), module.activationSize());
                    double mean = readLambda(algebra, files, module, lambda);
                    yield new Division.ByParameter(lambda, positive(damping.value(mean), files, module));
                }
                case KFAC, EKFAC -> {
                    Tensor lambda = memory.allocate(type, module.outputs(), module.activationSize());
                    double mean = strategy == CurvatureStrategy.EKFAC
                            ? readLambda(algebra, files, module, lambda)
                            : outerProduct(algebra, files, module, lambda);
                    yield new Division.InEigenbasis(
                            read(algebra, files, FactorKind.ACTIVATION_EIGENVECTORS, module, type, memory),
                            read(algebra, files, FactorKind.GRADIENT_EIGENVECTORS, module, type, memory),
                            lambda,
                            positive(damping.value(mean), files, module),
                            memory.allocate(type, module.outputs(), module.activationSize()),
                            memory.allocate(type, module.outputs(), module.activationSize()));
                }
            };
            return new Preconditioner(algebra, memory, module, division);
        } catch (IOException | RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /// The backend memory that one module's preconditioner takes at its peak, in bytes: Λ is read, or
    /// multiplied out of the eigenvalues, in FLOAT64, and a backend may keep the memory of that product.
    public static long byteSize(LinearModule module, CurvatureStrategy strategy, DType type) {
        long in = module.activationSize();
        long out = module.outputs();
        long reading = in * out * (type.byteSize() + DType.FLOAT64.byteSize());
        return switch (strategy) {
            case IDENTITY -> 0;
            case DIAGONAL -> reading;
            case EKFAC -> Math.max(reading, (in * in + out * out + 3 * in * out) * type.byteSize());
            case KFAC -> (in * in + out * out + 3 * in * out) * type.byteSize() + in * out * DType.FLOAT64.byteSize();
        };
    }

    /// λ; 0 for the identity strategy, which divides by nothing.
    public double damping() {
        return switch (division) {
            case Division.None none -> 0;
            case Division.ByParameter parameter -> parameter.damping();
            case Division.InEigenbasis basis -> basis.damping();
        };
    }

    /// Preconditions gradients one after the other.
    ///
    /// @param gradients G, (queries, out, in)
    /// @param preconditioned P, the same shape; may be `gradients`
    public void apply(Tensor gradients, Tensor preconditioned) {
        gradients.require(module.name() + " gradients", -1, module.outputs(), module.activationSize());
        preconditioned.require(module.name() + " preconditioned gradients", gradients.shape());
        for (int q = 0; q < gradients.length(0); q++) {
            applyToOne(gradients.select(0, q), preconditioned.select(0, q));
        }
    }

    // ---- in the basis where the division takes place ----

    /// Inputs of the module in the basis in which this divides: a Q_A, or a where that is the basis of the
    /// parameters.
    ///
    /// @param activations a, (rows, in)
    /// @param rotated the same shape, other memory
    public void rotateActivations(Tensor activations, Tensor rotated) {
        if (division instanceof Division.InEigenbasis basis) {
            algebra.gemm(1, activations, basis.qA(), 0, rotated);
        } else {
            algebra.copy(activations, rotated);
        }
    }

    /// Output gradients of the module in that basis: g Q_S, or g.
    ///
    /// @param outputGradients g, (rows, out)
    /// @param rotated the same shape, other memory
    public void rotateOutputGradients(Tensor outputGradients, Tensor rotated) {
        if (division instanceof Division.InEigenbasis basis) {
            algebra.gemm(1, outputGradients, basis.qS(), 0, rotated);
        } else {
            algebra.copy(outputGradients, rotated);
        }
    }

    /// Divides a gradient that stands in that basis, as a sum over rotated rows does, and leaves it there:
    /// (Q_Sᵀ G Q_A) / (Λ+λ).
    ///
    /// @param rotated (out, in); divided in place
    public void divideRotated(Tensor rotated) {
        rotated.require(module.name() + " rotated gradient", module.outputs(), module.activationSize());
        switch (division) {
            case Division.None() -> {}
            case Division.ByParameter(Tensor lambda, double damping) ->
                algebra.divideDamped(rotated, lambda, damping, rotated);
            case Division.InEigenbasis basis -> algebra.divideDamped(rotated, basis.lambda(), basis.damping(), rotated);
        }
    }

    /// The way back of [#rotateActivations].
    ///
    /// @param rotated (R, in), last axis of stride 1 or last but one
    /// @param rows (R, in)
    public void returnActivations(Tensor rotated, Tensor rows) {
        switch (division) {
            case Division.None _, Division.ByParameter _ -> algebra.copy(rotated, rows);
            case Division.InEigenbasis basis ->
                algebra.gemm(1, rotated, basis.qA().transposed(), 0, rows);
        }
    }

    /// The way back of [#rotateOutputGradients].
    ///
    /// @param rotated (R, out), last axis of stride 1 or last but one
    /// @param rows (R, out)
    public void returnOutputGradients(Tensor rotated, Tensor rows) {
        switch (division) {
            case Division.None _, Division.ByParameter _ -> algebra.copy(rotated, rows);
            case Division.InEigenbasis basis ->
                algebra.gemm(1, rotated, basis.qS().transposed(), 0, rows);
        }
    }

    /// P out of M, the way back of both sides.
    ///
    /// @param m (out, in)
    /// @param p (out, in)
    public void returnBoth(Tensor m, Tensor p) {
        switch (division) {
            case Division.None _, Division.ByParameter _ -> algebra.copy(m, p);
            case Division.InEigenbasis basis -> {
                algebra.gemm(1, m, basis.qA().transposed(), 0, basis.x());
                algebra.gemm(1, basis.qS(), basis.x(), 0, p);
            }
        }
    }

    private void applyToOne(Tensor g, Tensor p) {
        switch (division) {
            case Division.None() -> algebra.copy(g, p);
            case Division.ByParameter(Tensor lambda, double damping) -> algebra.divideDamped(g, lambda, damping, p);
            case Division.InEigenbasis basis -> {
                algebra.gemm(1, g, basis.qA(), 0, basis.x());
                algebra.gemm(1, basis.qS().transposed(), basis.x(), 0, basis.y());
                divideRotated(basis.y());
                returnBoth(basis.y(), p);
            }
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private static Tensor read(
            LinearAlgebra algebra,
            FactorFiles files,
            FactorKind kind,
            LinearModule module,
            DType type,
            Workspace memory)
            throws IOException {
        Tensor tensor = memory.allocate(type, kind.shape(module));
        files.read(algebra, kind, module, tensor);
        return tensor;
    }

    /// Λ as the mean over sequences; returns the mean of its entries.
    private static double readLambda(LinearAlgebra algebra, FactorFiles files, LinearModule module, Tensor lambda)
            throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            Tensor sum = read(algebra, files, FactorKind.LAMBDA_MATRIX, module, DType.FLOAT64, work);
            algebra.scale(1.0 / files.readCount(FactorKind.LAMBDA_COUNT, module), sum, sum);
            algebra.copy(sum, lambda);
            Tensor left = work.allocate(DType.FLOAT64, 1, sum.size(0));
            Tensor right = work.allocate(DType.FLOAT64, sum.size(1), 1);
            Tensor columns = work.allocate(DType.FLOAT64, 1, sum.size(1));
            Tensor total = work.allocate(DType.FLOAT64, 1, 1);
            algebra.fill(left, 1);
            algebra.fill(right, 1);
            algebra.gemm(1, left, sum, 0, columns);
            algebra.gemm(1, columns, right, 0, total);
            return HostArrays.download(algebra, total)[0] / sum.elementCount();
        }
    }

    /// Λ = λ_S λ_Aᵀ; returns the mean of its entries.
    private static double outerProduct(LinearAlgebra algebra, FactorFiles files, LinearModule module, Tensor lambda)
            throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            Tensor s = work.allocate(DType.FLOAT64, module.outputs(), 1);
            Tensor a = work.allocate(DType.FLOAT64, 1, module.activationSize());
            double meanS = readEigenvalues(algebra, files, FactorKind.GRADIENT_EIGENVALUES, module, s);
            double meanA = readEigenvalues(algebra, files, FactorKind.ACTIVATION_EIGENVALUES, module, a);
            algebra.gemm(1, s, a, 0, lambda);
            return meanS * meanA;
        }
    }

    /// Eigenvalues, none below zero; returns their mean.
    private static double readEigenvalues(
            LinearAlgebra algebra, FactorFiles files, FactorKind kind, LinearModule module, Tensor target)
            throws IOException {
        Tensor vector = target.reshape(target.elementCount());
        files.read(algebra, kind, module, vector);
        double[] values = HostArrays.download(algebra, vector);
        double total = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], 0);
            total += values[i];
        }
        HostArrays.upload(algebra, values, vector);
        return total / values.length;
    }

    private static double positive(double damping, FactorFiles files, LinearModule module) {
        if (!(damping > 0) || Double.isInfinite(damping)) {
            throw new CheckpointException(files.folder() + ": module " + module.name()
                    + ": expected a damping above 0, found " + damping
                    + "; Λ is zero or not finite, so give an absolute damping or fit on more documents");
        }
        return damping;
    }
}
