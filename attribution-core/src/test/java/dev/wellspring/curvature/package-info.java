/// Tests of the curvature factors, on rows made of seeded numbers.
@NullMarked
package dev.wellspring.curvature;

import org.jspecify.annotations.NullMarked;
