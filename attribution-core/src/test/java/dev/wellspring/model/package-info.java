@NullMarked
package dev.wellspring.model;

import org.jspecify.annotations.NullMarked;
