/// Training as a run: a folder that is a checkpoint when it is complete, and goes on where it stopped until then.
@NullMarked
package dev.wellspring.run.train;

import org.jspecify.annotations.NullMarked;
