@NullMarked
package dev.wellspring.queries.task;

import org.jspecify.annotations.NullMarked;
