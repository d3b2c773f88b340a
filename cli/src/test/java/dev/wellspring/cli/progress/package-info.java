/// Tests of what is told while a run lasts.
@NullMarked
package dev.wellspring.cli.progress;

import org.jspecify.annotations.NullMarked;
