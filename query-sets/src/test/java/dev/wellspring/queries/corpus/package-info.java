@NullMarked
package dev.wellspring.queries.corpus;

import org.jspecify.annotations.NullMarked;
