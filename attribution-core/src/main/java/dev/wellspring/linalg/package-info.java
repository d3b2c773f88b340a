/// The one numeric seam. Everything the method computes goes through [dev.wellspring.linalg.LinearAlgebra];
/// each subpackage is one implementation of the same contract suite, and [dev.wellspring.linalg.Backends] picks
/// one and says why.
///
/// Letters: `R` rows (tokens of all documents of a batch), `T` rows of one document, `D` documents, `H` heads,
/// `d` width of a head, `V` vocabulary, `Q` queries, `r` rank.
@NullMarked
package dev.wellspring.linalg;

import org.jspecify.annotations.NullMarked;
