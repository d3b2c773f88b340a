/// Problems that are points of a grid, after Hu et al. (arXiv 2402.17709): Leave-Square-Out and length ladders,
/// with answers written out directly, on a scratchpad, or by following a rule. A square of half-side r has (2r
/// + 1)² cells.
@NullMarked
package dev.wellspring.queries.task.grid;

import org.jspecify.annotations.NullMarked;
