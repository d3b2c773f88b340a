/// NVIDIA's libraries: where they are found, one record of functions for each, and what their statuses mean.
@NullMarked
package dev.wellspring.linalg.cuda.library;

import org.jspecify.annotations.NullMarked;
