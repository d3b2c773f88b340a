/// Tests of fitting as a run.
@NullMarked
package dev.wellspring.run.fit;

import org.jspecify.annotations.NullMarked;
