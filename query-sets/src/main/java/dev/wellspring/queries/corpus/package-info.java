/// Reading documents: one stream over JSONL, CSV, Parquet and Arrow files, in the files' order and in constant
/// memory.
///
/// [dev.wellspring.queries.corpus.Corpus] is the way in. Every format turns a row into
/// [dev.wellspring.queries.corpus.Fields], a JSON object that knows where it stands, so that all of them share
/// one reading of the fields and one form of error: `file:line:field: expected …, found …; what to do`.
@NullMarked
package dev.wellspring.queries.corpus;

import org.jspecify.annotations.NullMarked;
