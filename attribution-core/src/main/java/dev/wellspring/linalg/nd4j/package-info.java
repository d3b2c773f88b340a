/// The numeric seam on ND4J 1.0.0-M2.1, with OpenBLAS 0.3.31 in place of the 0.3.19 that ND4J asks for: the
/// older one computes wrong float64 eigenvectors on AVX-512 machines from n = 256 on.
///
/// Tensors and layers are those of [dev.wellspring.linalg.host]. On nd4j-native an ND4J array is a view of a
/// tensor's memory, never a copy. Which operation goes where, and why, by measurement on one core of an AVX-512
/// server:
///
/// - Products of 2²⁷ multiplications or more: ND4J's `matmul` into an existing array, which runs at OpenBLAS speed
///   (an `mmul` that allocates its result can be ten times slower).
/// - Smaller products: `cblas_?gemm` of the same library. An ND4J operation costs 15 to 45 µs, a whole product of
///   64 x 64 x 64 takes 6.
/// - Products with one row or one column: `cblas_?gemv`.
/// - Eigenvectors: `LAPACKE_dsyevd`; ND4J's `Eigen` uses syev, four to seven times slower.
/// - Norms, activations, gates, softmax, losses, gathers, sums: the host's loops. ND4J's exp takes 2.5 ns an element
///   and the one there 0.7; ND4J's layer norm is eight times slower than a loop.
///
/// BFLOAT16 inputs of a product are widened to FLOAT32, because ND4J's bfloat16 product runs at 0.4 GFLOP/s and
/// crashes the JVM on larger matrices.
///
/// The BLAS threads are set before each product. OpenBLAS picks its kernels by the processor's model; where
/// that is hidden, as in some virtual machines, it may miss AVX-512 and halve its speed: the description names
/// the kernels, and the environment variable `OPENBLAS_CORETYPE=SkylakeX` sets them.
@NullMarked
package dev.wellspring.linalg.nd4j;

import org.jspecify.annotations.NullMarked;
