/// Query sets on disk: JSON Lines with a manifest, written, read, checked and graded; and users' own queries
/// brought in from tables.
@NullMarked
package dev.wellspring.queries.set;

import org.jspecify.annotations.NullMarked;
