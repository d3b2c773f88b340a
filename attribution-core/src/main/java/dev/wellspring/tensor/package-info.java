/// Memory with a shape. No arithmetic lives here: that is [dev.wellspring.linalg.LinearAlgebra].
@NullMarked
package dev.wellspring.tensor;

import org.jspecify.annotations.NullMarked;
