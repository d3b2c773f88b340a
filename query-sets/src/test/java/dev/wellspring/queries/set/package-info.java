@NullMarked
package dev.wellspring.queries.set;

import org.jspecify.annotations.NullMarked;
