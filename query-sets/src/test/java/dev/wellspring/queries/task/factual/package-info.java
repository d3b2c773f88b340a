@NullMarked
package dev.wellspring.queries.task.factual;

import org.jspecify.annotations.NullMarked;
