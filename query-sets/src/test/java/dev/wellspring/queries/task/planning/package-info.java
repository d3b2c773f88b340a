@NullMarked
package dev.wellspring.queries.task.planning;

import org.jspecify.annotations.NullMarked;
