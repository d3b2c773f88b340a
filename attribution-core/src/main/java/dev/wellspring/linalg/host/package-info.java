/// What backends on the host share: tensors in the memory of this process, row loops in float64 over `double[]`, and
/// the way from operands of any type and stride to what BLAS and LAPACK take. A backend brings a [MatrixProduct] and a
/// [Lapack]; everything else runs without native code.
@NullMarked
package dev.wellspring.linalg.host;

import org.jspecify.annotations.NullMarked;
