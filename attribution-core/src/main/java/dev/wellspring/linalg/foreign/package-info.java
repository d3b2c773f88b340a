/// What backends that call native libraries through `java.lang.foreign` share.
@NullMarked
package dev.wellspring.linalg.foreign;

import org.jspecify.annotations.NullMarked;
