/// Plain loops in float64: the oracle that the fast backends are measured against, and exact arithmetic on any
/// machine. Every operation reads its operands into `double[]`, computes, and rounds once on the way out, so that
/// the bfloat16 and float32 results are those of float64 arithmetic on the stored inputs.
@NullMarked
package dev.wellspring.linalg.reference;

import org.jspecify.annotations.NullMarked;
