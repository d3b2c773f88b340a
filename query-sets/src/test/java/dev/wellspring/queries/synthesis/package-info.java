@NullMarked
package dev.wellspring.queries.synthesis;

import org.jspecify.annotations.NullMarked;
