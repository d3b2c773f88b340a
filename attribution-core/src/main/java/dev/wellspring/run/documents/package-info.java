/// Documents on their way to the model: chunks of token ids, packed into batches, cut into shards, read ahead on a
/// thread.
@NullMarked
package dev.wellspring.run.documents;

import org.jspecify.annotations.NullMarked;
