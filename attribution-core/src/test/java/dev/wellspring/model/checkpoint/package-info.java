@NullMarked
package dev.wellspring.model.checkpoint;

import org.jspecify.annotations.NullMarked;
