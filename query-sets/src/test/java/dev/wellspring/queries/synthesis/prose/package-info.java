@NullMarked
package dev.wellspring.queries.synthesis.prose;

import org.jspecify.annotations.NullMarked;
