package dev.wellspring.gradient;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// An open [BasisFile]: the coordinates of one module after the other.
public final class BasisReader implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final SafetensorsFile file;

    /// @param file is closed with this
    BasisReader(LinearAlgebra algebra, SafetensorsFile file) {
        this.algebra = algebra;
        this.file = file;
    }

    /// Reads one module's coordinates.
    ///
    /// @param memory holds them
    /// @param type the element type to compute in: FLOAT64 or FLOAT32
    /// @throws CheckpointException when the file lacks the module, or it has another shape
    public ModuleCoordinates read(Workspace memory, LinearModule module, DType type) {
        double[] summary = vector(module, BasisTensor.SUMMARY);
        double[] a = vector(module, BasisTensor.ACTIVATION_EIGENVALUES);
        double[] s = vector(module, BasisTensor.GRADIENT_EIGENVALUES);
        Tensor lambda = memory.allocate(type, s.length, a.length);
        TensorStorage.read(algebra, file, BasisTensor.LAMBDA.name(module), lambda);
        Tensor outputs = memory.allocate(type, module.outputs(), s.length);
        Tensor inputs = memory.allocate(type, module.activationSize(), a.length);
        TensorStorage.read(algebra, file, BasisTensor.GRADIENT_DIRECTIONS.name(module), outputs);
        TensorStorage.read(algebra, file, BasisTensor.ACTIVATION_DIRECTIONS.name(module), inputs);
        return new ModuleCoordinates(
                side(outputs, module, BasisTensor.GRADIENT_WHITENING, BasisTensor.GRADIENT_PROJECTION),
                side(inputs, module, BasisTensor.ACTIVATION_WHITENING, BasisTensor.ACTIVATION_PROJECTION),
                s,
                a,
                lambda,
                summary[0],
                summary[1]);
    }

    private Side side(Tensor directions, LinearModule module, BasisTensor whitening, BasisTensor projection) {
        boolean isProjected = file.names().contains(projection.name(module));
        return new Side(directions, vector(module, whitening), isProjected ? vector(module, projection) : null);
    }

    /// A tensor's numbers in a row.
    private double[] vector(LinearModule module, BasisTensor tensor) {
        String name = tensor.name(module);
        try (Workspace work = new Workspace(algebra)) {
            Tensor values = work.allocate(DType.FLOAT64, file.tensor(name).shape());
            TensorStorage.read(algebra, file, name, values);
            return HostArrays.download(algebra, values);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
