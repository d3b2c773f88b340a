/// `index`, stage by stage: the coordinates of a store, then one pass over the documents while disks write. Begin with
/// [dev.wellspring.run.index.IndexRun].
@NullMarked
package dev.wellspring.run.index;

import org.jspecify.annotations.NullMarked;
