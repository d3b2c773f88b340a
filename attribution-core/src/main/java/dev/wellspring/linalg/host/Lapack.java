package dev.wellspring.linalg.host;

import java.lang.foreign.MemorySegment;

/// Decompositions of FLOAT64 matrices on the calling thread.
public interface Lapack {
    /// Eigenvalues, rising, of the symmetric matrix whose lower triangle is in `a`, and eigenvectors in the columns
    /// of `a`.
    ///
    /// @param values (n), 64-bit
    /// @throws ArithmeticException when the matrix has NaN or infinities, or the iteration does not converge
    void syevd(Matrix a, MemorySegment values);

    /// The singular value decomposition A = U·diag(s)·Vᵀ; A is overwritten.
    ///
    /// @param s (p) for p = min(m, n), falling
    /// @param u (m, p)
    /// @param vt (p, n)
    /// @throws ArithmeticException as for [#syevd]
    void gesdd(Matrix a, MemorySegment s, Matrix u, Matrix vt);

    /// An orthonormal basis Q (m, n) of the columns of a matrix (m, n), m ≥ n, in its place.
    ///
    /// @param reflectors (n), 64-bit scratch
    /// @throws ArithmeticException when the matrix has NaN or infinities
    void orthonormalise(Matrix a, MemorySegment reflectors);
}
