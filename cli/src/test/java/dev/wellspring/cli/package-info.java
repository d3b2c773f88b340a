/// Tests of the commands, run in this process.
@NullMarked
package dev.wellspring.cli;

import org.jspecify.annotations.NullMarked;
