/// The reasoning queries of Ruis et al. (arXiv 2411.12580): two-step arithmetic, the slope through two points,
/// a linear equation; the published operands, seeded ones beyond them, and controls.
@NullMarked
package dev.wellspring.queries.task.arithmetic;

import org.jspecify.annotations.NullMarked;
