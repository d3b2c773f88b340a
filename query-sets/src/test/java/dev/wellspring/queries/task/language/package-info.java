@NullMarked
package dev.wellspring.queries.task.language;

import org.jspecify.annotations.NullMarked;
