@NullMarked
package dev.wellspring.queries.task.arithmetic;

import org.jspecify.annotations.NullMarked;
