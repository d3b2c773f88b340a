@NullMarked
package dev.wellspring.linalg.reference;

import org.jspecify.annotations.NullMarked;
