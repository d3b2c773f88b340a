@NullMarked
package dev.wellspring.linalg.cpu;

import org.jspecify.annotations.NullMarked;
