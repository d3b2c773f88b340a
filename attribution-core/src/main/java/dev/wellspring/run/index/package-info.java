/// `index`, stage by stage: the coordinates of a store, then one pass over the documents while disks write. Begin with
/// [dev.wellspring.run.index.IndexRun]. What is lost of it is computed again by
/// [dev.wellspring.run.index.Recomputation].
@NullMarked
package dev.wellspring.run.index;

import org.jspecify.annotations.NullMarked;
