package dev.wellspring.linalg;

/// A copy that goes on beside the computing: see [LinearAlgebra#copyBeside].
@FunctionalInterface
public interface Transfer {
    /// One that was done when it was asked for.
    Transfer DONE = () -> {};

    /// What is asked for from here on comes after the copy. Does not have to wait itself; asking twice is allowed.
    void await();
}
