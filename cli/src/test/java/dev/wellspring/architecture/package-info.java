/// What ARCHITECTURE.md says, checked.
@NullMarked
package dev.wellspring.architecture;

import org.jspecify.annotations.NullMarked;
