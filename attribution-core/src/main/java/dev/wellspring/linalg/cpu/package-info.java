/// What is fast on a processor: OpenBLAS through `java.lang.foreign`, and kernels written with the Vector API
/// (`jdk.incubator.vector`, still incubating in JDK 25), for dot products and for the rows of the seam. It is the only
/// package that may use that API. A JVM has it when started with `--add-modules jdk.incubator.vector`; without it no
/// class that needs it loads, and [dev.wellspring.linalg.DotProductKernels#lackForVectors] says so.
///
/// Letters: `K` dimensions, `Q` queries, `L` lanes of a vector register. In kernels for rows `x`, `y` and the like are
/// addresses of `n` numbers.
///
/// What holds these kernels up, found by reading what C2 makes of them:
///
/// - The loop of a register block has a constant number of steps. With a variable one C2 keeps a safepoint loop around
///   it, hoists loads into it, and spills three of the twelve sums: 36 instead of 95 GFLOP/s on one core.
/// - A block of 32 products in one method is past C2's limit of nodes for inlining; then every vector is an object, and
///   the kernel fifty times slower. Sixteen are not.
/// - Coefficients are vectors in constants, not broadcast in the loop: twenty broadcasts brought GELU past the same
///   limit, 10 ns an element instead of 1.2.
/// - Operands that are read in the innermost loop of a block lie in arrays, not in memory segments: with two
///   segments and scalar reads the checks of bounds stay in the loop (15 GFLOP/s).
/// - Rows are read and written where they lie, through one constant segment over all memory ([Vectors]): y = α·x + y by
///   way of arrays took three times as long.
/// - A step under a mask costs as much as several without; rows that a kernel may fill up to whole registers are filled
///   up ([VectorSoftmax]).
/// - Lanes are summed by hand, from an array: `reduceLanes` is free to add in another order once it is compiled.
@NullMarked
package dev.wellspring.linalg.cpu;

import org.jspecify.annotations.NullMarked;
