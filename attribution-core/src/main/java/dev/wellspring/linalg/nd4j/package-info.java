/// The numeric seam on ND4J 1.0.0-M2.1, with OpenBLAS 0.3.31 in place of the 0.3.19 that ND4J asks for: the
/// older one computes wrong float64 eigenvectors on AVX-512 machines from n = 256 on.
///
/// Tensors live in [dev.wellspring.tensor.HostMemory]. On nd4j-native an ND4J array is a view of that memory,
/// never a copy. Which operation goes where, by measurement on one core of an AVX-512 server:
///
/// | operation | goes to | because |
/// |---|---|---|
/// | products of 2²⁷ multiplications or more | ND4J's `matmul` into an existing array | at OpenBLAS speed; an `mmul`
/// that allocates its result can be ten times slower |
/// | smaller products | `cblas_?gemm` of the same library | an ND4J operation costs 15 to 45 µs, a product of 64 x 64 x
/// 64 takes 6 |
/// | products with one row or column | `cblas_?gemv` | several times the speed of gemm on such shapes |
/// | rank updates | products of strips of rows that end at the diagonal, then the triangle is mirrored | half the
/// arithmetic of a product, and strips spread over threads |
/// | eigenvectors | `LAPACKE_dsyevd` | ND4J's `Eigen` uses syev, four to seven times slower |
/// | singular values | `LAPACKE_dgesdd`, large ones by the Gram matrix with refinement | ND4J's `svd` computes all of
/// them |
/// | norms, activations, gates, softmax, losses, gathers, sums | row loops in float64 over `double[]` | ND4J's exp
/// takes 2.5 ns an element and its softmax 4.5, these loops 0.7 and 1.5; its layer norm is eight times slower
/// than a loop |
/// | attention | [dev.wellspring.linalg.ComposedAttention] | made of products and the causal softmax |
///
/// BFLOAT16 inputs of a product are widened to FLOAT32, because ND4J's bfloat16 product runs at 0.4 GFLOP/s and
/// crashes the JVM on larger matrices.
///
/// The BLAS threads are set before each product. JavaCPP counts the memory of the whole process against a limit
/// of four times the Java heap and would end a long run with an OutOfMemoryError, although this backend's
/// memory is not JavaCPP's: run with `-Dorg.bytedeco.javacpp.maxbytes=0
/// -Dorg.bytedeco.javacpp.maxphysicalbytes=0`.
@NullMarked
package dev.wellspring.linalg.nd4j;

import org.jspecify.annotations.NullMarked;
