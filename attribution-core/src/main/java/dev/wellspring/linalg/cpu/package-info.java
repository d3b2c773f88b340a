/// Kernels for processors, written with the Vector API (`jdk.incubator.vector`, still incubating in JDK 25): the only
/// package that may use it. A JVM has it when started with `--add-modules jdk.incubator.vector`; without it no class
/// of this package loads, and [dev.wellspring.linalg.DotProductKernels] says so.
///
/// Letters: `K` dimensions, `Q` queries, `L` lanes of a vector register.
///
/// What holds these kernels up, found by reading the machine code that C2 makes of them:
///
/// - The loop of a register block has a constant number of steps. With a variable one C2 keeps a safepoint loop around
///   it, hoists loads into it, and spills three of the twelve sums: 36 instead of 95 GFLOP/s on one core.
/// - A block of 32 products in one method is past C2's limit of nodes for inlining; then every vector is an object, and
///   the kernel fifty times slower. Sixteen are not.
/// - Operands that are read in the innermost loop of a block lie in arrays, not in memory segments: with two
///   segments and scalar reads the checks of bounds stay in the loop (15 GFLOP/s).
/// - Lanes are summed by hand, from an array: `reduceLanes` is free to add in another order once it is compiled.
@NullMarked
package dev.wellspring.linalg.cpu;

import org.jspecify.annotations.NullMarked;
