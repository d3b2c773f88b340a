package dev.wellspring.gradient;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a compression keeps of one module.
///
/// @param directions the eigenvectors
/// @param gradientProjection k_S, or 0 where that side is not projected
/// @param activationProjection k_A, or 0
/// @param rank c, or 0
/// @param spectrum that of the directions kept, where it was read to choose them; null where all are kept
record KeptModule(
        LinearModule module,
        Directions directions,
        int gradientProjection,
        int activationProjection,
        int rank,
        @Nullable Spectrum spectrum) {
    /// @param memory holds the spectrum of the directions kept
    static KeptModule of(
            LinearAlgebra algebra, Workspace memory, FactorFiles factors, LinearModule module, Compression compression)
            throws IOException {
        return switch (compression) {
            case Compression.Full() -> new KeptModule(module, Directions.all(module), 0, 0, 0, null);
            case Compression.Truncation(int values) -> leading(algebra, memory, factors, module, values, 0);
            case Compression.Factors(int values, int rank) -> leading(algebra, memory, factors, module, values, rank);
            case Compression.Projection(int values) -> projected(module, values);
        };
    }

    /// @param rank what is asked for; 0 is taken where factors would be no smaller
    private static KeptModule leading(
            LinearAlgebra algebra, Workspace memory, FactorFiles factors, LinearModule module, int values, int rank)
            throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            Spectrum whole = Spectrum.read(algebra, work, factors, module);
            Directions leading = Directions.leading(algebra, whole, values);
            boolean pays =
                    rank * (leading.gradient() + leading.activation()) < leading.gradient() * leading.activation();
            return new KeptModule(module, leading, 0, 0, pays ? rank : 0, whole.leading(algebra, memory, leading));
        }
    }

    /// Square where both sides are large enough; a side that is smaller is kept as it is.
    private static KeptModule projected(LinearModule module, int values) {
        int out = module.outputs();
        int in = module.activationSize();
        int square = Math.max(1, (int) Math.sqrt(values));
        int gradient = Math.min(out, Math.max(square, values / Math.max(1, Math.min(in, square))));
        int activation = Math.min(in, Math.max(1, values / gradient));
        return new KeptModule(
                module,
                Directions.all(module),
                gradient == out ? 0 : gradient,
                activation == in ? 0 : activation,
                0,
                null);
    }

    int storedGradient() {
        return gradientProjection == 0 ? directions.gradient() : gradientProjection;
    }

    int storedActivation() {
        return activationProjection == 0 ? directions.activation() : activationProjection;
    }

    StoredModule stored() {
        return new StoredModule(module.name(), storedGradient(), storedActivation(), rank);
    }

    /// The module's tensors in the basis file.
    List<SafetensorsWriter.Slot> slots(DType type) {
        int s = directions.gradient();
        int a = directions.activation();
        List<SafetensorsWriter.Slot> slots = new ArrayList<>();
        slots.add(slot(BasisTensor.ACTIVATION_DIRECTIONS, type, module.activationSize(), a));
        slots.add(slot(BasisTensor.GRADIENT_DIRECTIONS, type, module.outputs(), s));
        slots.add(slot(BasisTensor.LAMBDA, type, s, a));
        slots.add(slot(BasisTensor.ACTIVATION_EIGENVALUES, DType.FLOAT64, a));
        slots.add(slot(BasisTensor.GRADIENT_EIGENVALUES, DType.FLOAT64, s));
        slots.add(slot(BasisTensor.ACTIVATION_WHITENING, DType.FLOAT64, a));
        slots.add(slot(BasisTensor.GRADIENT_WHITENING, DType.FLOAT64, s));
        slots.add(slot(BasisTensor.SUMMARY, DType.FLOAT64, BasisTensor.SUMMARY_LENGTH));
        if (activationProjection > 0) {
            slots.add(slot(BasisTensor.ACTIVATION_PROJECTION, DType.FLOAT32, activationProjection, a));
        }
        if (gradientProjection > 0) {
            slots.add(slot(BasisTensor.GRADIENT_PROJECTION, DType.FLOAT32, gradientProjection, s));
        }
        return slots;
    }

    private SafetensorsWriter.Slot slot(BasisTensor tensor, DType type, long... shape) {
        return TensorStorage.slot(tensor.name(module), type, shape);
    }
}
