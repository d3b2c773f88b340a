@NullMarked
package dev.wellspring.store.scores;

import org.jspecify.annotations.NullMarked;
