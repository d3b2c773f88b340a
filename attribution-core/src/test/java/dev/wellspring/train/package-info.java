/// Tests of training.
@NullMarked
package dev.wellspring.train;

import org.jspecify.annotations.NullMarked;
