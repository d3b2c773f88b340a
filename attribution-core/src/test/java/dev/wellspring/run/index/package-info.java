@NullMarked
package dev.wellspring.run.index;

import org.jspecify.annotations.NullMarked;
