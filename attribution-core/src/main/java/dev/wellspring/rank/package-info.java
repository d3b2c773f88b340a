/// Ranking: the documents that push hardest towards a completion, and those that push hardest against it.
///
/// [dev.wellspring.rank.TopK] keeps the k best of a stream. What it keeps is a function of the set of rows, not of
/// their order, so shards may be read in any order and partial results merged in any way.
@NullMarked
package dev.wellspring.rank;

import org.jspecify.annotations.NullMarked;
