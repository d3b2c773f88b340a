/// How far a run has come, told on standard error: a bar on a terminal, plain lines elsewhere.
@NullMarked
package dev.wellspring.cli.progress;

import org.jspecify.annotations.NullMarked;
