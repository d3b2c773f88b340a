@NullMarked
package dev.wellspring.queries.split;

import org.jspecify.annotations.NullMarked;
