/// Splits as data: which items are held out and why, how far each is from the nearest that is not, and whether the
/// steps it takes were seen. Hu et al. 2024, arXiv 2402.17709, and further ways to hold out.
@NullMarked
package dev.wellspring.queries.split;

import org.jspecify.annotations.NullMarked;
