/// Scores on disk: written as they are computed, ranked without loading them, exported as one table.
///
/// A run directory holds numbered shards. [dev.wellspring.store.scores.ScoreShardWriter] writes one,
/// [dev.wellspring.store.scores.Bm25Files] what BM25 says beside them,
/// [dev.wellspring.store.scores.ScoreFolder] reads all of them, [dev.wellspring.store.scores.ScoreExport] turns
/// them into CSV, Parquet or Arrow. The rest of this page is the specification of the files, **version 1**.
///
/// ## Files
///
/// | name | rows | there |
/// |---|---|---|
/// | `scores-00000.arrow` | one per document, or per chunk of a long one | always |
/// | `tokens-00000.arrow` | the same rows in the same order | if token scores are kept |
/// | `modules-00000.arrow` | the same rows in the same order | if module scores are kept |
/// | `bm25-00000.arrow` | the same rows in the same order and in the same batches | if BM25 scores are kept,
/// or added later |
/// | `query-tokens-00000.arrow` | one per query and document at an end of its rankings, in the order of the
/// documents | if
/// the scores of query tokens were asked for, then or later |
/// | `query-tokens.json` | what the tokens of each query spell | beside these |
///
/// Shards are numbered from 0 without gaps, in at least five digits. Each file is written as `NAME.part`,
/// forced to the disk and renamed, the score file last: a shard is complete exactly when its score file exists,
/// and what ends in `.part` is to be ignored. Nothing is ever appended to a file that has its name.
///
/// ## Bytes
///
/// Every file is an Arrow IPC file, metadata version V5, little-endian, without dictionaries or compression,
/// which any Arrow reader reads. All integers outside flatbuffers are 32 bits.
///
/// ```
/// file    = "ARROW1" 00 00, schema message, batch*, end of stream, footer, footer length, "ARROW1"
/// message = FFFFFFFF, length of what follows, flatbuffer, zeros up to a multiple of 64 in the file
/// batch   = message, body
/// body    = buffers, each followed by zeros up to a multiple of 64
/// end     = FFFFFFFF 00000000
/// footer  = flatbuffer, zeros, CRC32C of the footer so far; its length is a multiple of 8
/// ```
///
/// So every buffer starts at a multiple of 64 bytes and can be used in the mapped file as it is. A batch has at
/// most 4,096 rows; it ends earlier once its buffers hold 64 MiB. A file of no rows has no batches. Positions
/// are 64 bits wide, so a shard may be of any size; offsets of strings and lists are 32 bits and count from the
/// start of their batch. A column without nulls has an empty validity buffer.
///
/// The last four bytes of the footer, which other readers take for padding, are the checksum of the rest of it.
/// Its key-value metadata has one entry, `wellspring.crc32c`: CRC32C checksums of eight hexadecimal digits,
/// separated by spaces; first that of everything before the first batch, then for every batch that of its
/// message and that of its body. Together they cover every byte of the file.
///
/// ## Columns
///
/// | column | type | meaning |
/// |---|---|---|
/// | `document` | utf8 | id |
/// | `part` | int32 | number of the chunk, from 0 |
/// | `source` | utf8, nullable | where the document comes from |
/// | `tokens` | int32 | number of tokens: rows + 1 |
/// | `loss` | float64 | Σ −ln p over the rows, nats |
/// | `gradient_norm` | float64 | Euclidean norm of the gradient over the tracked modules |
/// | `preview` | utf8 | beginning of the text |
/// | `extras` | utf8 | the corpus's other columns, a JSON object |
/// | `score:ID` | float32 or float64 | raw influence on query ID, nats per unit weight; one column per query |
///
/// Token files have `document`, `part` and per query a column `score:ID` of lists: element t is the share of
/// row t, which predicts token t + 1, so a list is one shorter than the document and adds up to its score.
/// Module files have the same columns with lists of fixed length: element m is the share of module m. A float32
/// score beyond the range of the type is infinite. BM25 files have `document`, `part` and per query a column
/// `bm25:ID` of
/// float32, whatever the type of the scores; they are read once every shard has one.
///
/// Query token files are numbered on their own, of 512 documents each. They have `document`, `part`, `query` (int32,
/// the
/// query's number) and `scores`, a list of float32: element t is what row t of the query adds to its score with the
/// document, as prompt and completion are one sequence. The list adds up to the score of the uncompressed query
/// gradient. The rows before the last of the prompt read a token of the prompt; the others predict one of the
/// completion.
///
/// ## Schema metadata
///
/// | key | value |
/// |---|---|
/// | `wellspring.format` | `wellspring-scores`, `wellspring-token-scores`, `wellspring-module-scores`,
/// `wellspring-bm25-scores` or `wellspring-query-token-scores` |
/// | `wellspring.version` | `1` |
/// | `wellspring.run` | what identifies the run; shards of different runs are not read together |
/// | `wellspring.dtype` | `float32` or `float64`: the type of the scores |
/// | `wellspring.queries` | JSON array of the query ids, in the order of their columns |
/// | `wellspring.token_scores` | `true` or `false`: whether there is a token file |
/// | `wellspring.modules` | JSON array of the module names; empty if there is no module file |
/// | `wellspring.ends` | how many documents at either end; of query token files, which have only the first three and
/// the queries beside it |
///
/// ## The promise
///
/// Version 1 is frozen. Every later release reads it; a file of version 1 is part of the tests. Any change to
/// columns, metadata or checksums is another version, and a reader that meets a version it does not know says
/// so and stops; a file of a new name, as those of BM25 and of query tokens are, is none of these. The same
/// documents give the same bytes.
@NullMarked
package dev.wellspring.store.scores;

import org.jspecify.annotations.NullMarked;
