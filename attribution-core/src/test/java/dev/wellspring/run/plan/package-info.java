@NullMarked
package dev.wellspring.run.plan;

import org.jspecify.annotations.NullMarked;
