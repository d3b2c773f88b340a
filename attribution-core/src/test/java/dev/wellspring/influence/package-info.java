/// Tests of scores: against plain sums over rows, and against numbers of other software.
@NullMarked
package dev.wellspring.influence;

import org.jspecify.annotations.NullMarked;
