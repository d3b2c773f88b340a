package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.tensor.Tensor;

/// The operations of the seam that have kernels in vector instructions. Each says whether it took its
/// operands; what it does not take goes to the row loops of [dev.wellspring.linalg.host], its slow twin.
record VectorOperations(
        VectorElements elements,
        VectorSums sums,
        VectorCopies copies,
        Transposition transposition,
        VectorNorms norms,
        VectorLayers layers,
        VectorSoftmax softmax) {
    /// @param parallel spreads rows over threads
    static VectorOperations over(RowParallel parallel) {
        var spread = new Spread(parallel);
        return new VectorOperations(
                new VectorElements(spread),
                new VectorSums(spread),
                new VectorCopies(spread),
                new Transposition(spread),
                new VectorNorms(spread),
                new VectorLayers(spread),
                new VectorSoftmax(spread));
    }

    /// Copies from one type or order to another.
    boolean copy(Tensor source, Tensor target) {
        return copies.copy(source, target) || transposition.copy(source, target);
    }

    /// The bits of a register, for people.
    int registerBits() {
        return Vectors.FLOATS.vectorBitSize();
    }
}
