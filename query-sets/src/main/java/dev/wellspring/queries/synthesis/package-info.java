/// Corpora made by program: documents by index, each with the truth about itself, so that "the document that
/// holds the answer" and "a document that shows the procedure" are known and not judged.
///
/// Document i of a corpus depends on the seed and i alone. A corpus is therefore written in constant memory, in
/// any number of shards, by any number of threads, and comes out the same.
@NullMarked
package dev.wellspring.queries.synthesis;

import org.jspecify.annotations.NullMarked;
