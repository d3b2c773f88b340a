/// What stages cost by arithmetic, before anything runs: operations and bytes, counted from shapes.
@NullMarked
package dev.wellspring.run.cost;

import org.jspecify.annotations.NullMarked;
