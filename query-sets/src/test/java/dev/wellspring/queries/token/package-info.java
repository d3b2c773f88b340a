@NullMarked
package dev.wellspring.queries.token;

import org.jspecify.annotations.NullMarked;
