/// The contract suite of the numeric seam. A backend's test extends
/// [dev.wellspring.linalg.LinearAlgebraContract] and says how to create it.
@NullMarked
package dev.wellspring.linalg;

import org.jspecify.annotations.NullMarked;
