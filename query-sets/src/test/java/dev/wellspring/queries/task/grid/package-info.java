@NullMarked
package dev.wellspring.queries.task.grid;

import org.jspecify.annotations.NullMarked;
