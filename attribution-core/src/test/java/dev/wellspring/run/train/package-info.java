/// Tests of training as a run.
@NullMarked
package dev.wellspring.run.train;

import org.jspecify.annotations.NullMarked;
