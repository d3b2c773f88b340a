package dev.wellspring.gradient;

/// What is kept of the gradient of one module: C = B_Sᵀ G B_A, or the factors U and V of C ≈ U Vᵀ.
///
/// @param name of the module
/// @param gradientDirections k_S, the columns of B_S
/// @param activationDirections k_A, the columns of B_A
/// @param rank c, the columns of U and V; 0 where C itself is kept
public record StoredModule(String name, int gradientDirections, int activationDirections, int rank) {
    /// Checks the numbers.
    public StoredModule {
        if (gradientDirections < 1 || activationDirections < 1 || rank < 0) {
            throw new IllegalArgumentException(
                    name + ": expected directions of at least 1 and a rank of at least 0, got " + gradientDirections
                            + ", " + activationDirections + " and " + rank);
        }
    }

    /// The numbers that are kept of a document: those of C, row-major, or of Uᵀ (c, k_S) and then Vᵀ (c, k_A).
    public int values() {
        return rank == 0 ? dimensions() : Math.multiplyExact(rank, gradientDirections + activationDirections);
    }

    /// The numbers of C.
    public int dimensions() {
        return Math.multiplyExact(gradientDirections, activationDirections);
    }
}
