/// `search`, stage by stage: queries into the coordinates of a store, then one pass over the store. Begin with
/// [dev.wellspring.run.search.SearchRun].
@NullMarked
package dev.wellspring.run.search;

import org.jspecify.annotations.NullMarked;
