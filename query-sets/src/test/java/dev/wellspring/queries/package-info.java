@NullMarked
package dev.wellspring.queries;

import org.jspecify.annotations.NullMarked;
