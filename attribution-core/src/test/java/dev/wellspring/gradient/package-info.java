@NullMarked
package dev.wellspring.gradient;

import org.jspecify.annotations.NullMarked;
