/// Tests of what a long job needs besides the method.
@NullMarked
package dev.wellspring.train;

import org.jspecify.annotations.NullMarked;
