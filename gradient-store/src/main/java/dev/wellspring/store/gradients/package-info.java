/// Gradients on disk: written shard by shard over several disks, scanned as they lie in the mapped files, verified,
/// repaired, merged.
///
/// [dev.wellspring.store.gradients.GradientShardWriter] builds the file of a shard in memory,
/// [dev.wellspring.store.gradients.GradientStoreWriter] says where it goes and makes it part of a store,
/// [dev.wellspring.store.gradients.GradientStore] reads a store. What the numbers mean is said in
/// [dev.wellspring.gradient]. The rest of this page is the specification of the files, **version 1**.
///
/// ## Files
///
/// | name | where | what |
/// |---|---|---|
/// | `store.json` | in the folder of the store | the snapshot: which shards are the store |
/// | `disks.json` | in the folder of the store | the folders where shards may lie |
/// | `gradients-00000.arrow` | in any of these folders | a shard: one row per document, or per chunk of a long one |
///
/// Shards are numbered from 0 without gaps, in at least five digits. A shard that was repaired has the number of the
/// repair in its name: `gradients-00000-1.arrow`. Every file is written as `NAME.part`, forced to the disk and
/// renamed; what ends in `.part` is to be ignored. Nothing is ever appended to a file that has its name, and no shard
/// changes: an append adds files, a repair replaces one by another.
///
/// ## Bytes of a shard
///
/// A shard is an Arrow IPC file, laid out to the byte as [dev.wellspring.store.scores] says under *Bytes*, with these
/// differences:
///
/// - A batch holds so many rows that their gradients take 8 MiB: `rows = ⌊8 MiB / bytes of a gradient⌋`, where a
///   gradient's bytes are its numbers and scales; from 16 on rounded down to a multiple of 16; at least 1 and at most
///   2,048. So a batch that was checked is still in the cache when it is multiplied. A batch ends earlier once its
///   buffers hold 64 MiB; the last one ends with the shard.
/// - The body has two parts. The first is the buffers of the columns before `gradient:…`: what is known of the
///   documents. The second is the rest: the gradients.
/// - The footer's metadata has three entries. `wellspring.fletcher`: checksums separated by spaces; first the CRC32C
///   of everything before the first batch, then for every batch the CRC32C of its message (8 hexadecimal digits each)
///   and the [dev.wellspring.store.arrow.FletcherChecksum] of either part of its body (16 digits each).
///   `wellspring.split`: the number of the column where the second part begins, 9. `wellspring.rows`: the number of
///   rows of every batch, separated by spaces.
///
/// Together the checksums cover every byte of the file, so that the footer stands for all of it.
///
/// ## Columns
///
/// | column | type | meaning |
/// |---|---|---|
/// | `document` | utf8 | id |
/// | `part` | int32 | number of the chunk, from 0 |
/// | `source` | utf8, nullable | where the document comes from |
/// | `tokens` | list of int32 | token ids |
/// | `loss` | float64 | Σ −ln p over the rows, nats |
/// | `gradient_norm` | float64 | ‖G_d‖ over the stored modules, before anything was left out |
/// | `error` | float64 | ‖C − Ĉ‖ / ‖C‖ over all modules, what precision and factors cost |
/// | `preview` | utf8 | beginning of the text |
/// | `extras` | utf8 | the corpus's other columns, a JSON object |
/// | `gradient:NAME` | fixed-size list | the numbers kept of module NAME; one column per module |
/// | `scale:NAME` | float32 | with int8 only, right behind the module's numbers: what they are multiples of |
///
/// The numbers of a module are those of C (k_S, k_A), row-major, where its rank is 0, else those of Uᵀ (rank, k_S) and
/// after them of Vᵀ (rank, k_A), with C ≈ U Vᵀ. Their type is float64, float32, uint16 (the upper half of a float32:
/// the bit pattern of a bfloat16) or int8. In the mapped file the lists of a batch are one matrix (rows, numbers),
/// row-major, contiguous, 64-byte aligned.
///
/// ## Schema metadata
///
/// | key | value |
/// |---|---|
/// | `wellspring.format` | `wellspring-gradients` |
/// | `wellspring.version` | `1` |
/// | `wellspring.store` | the store's identity; shards of different stores are not read together |
/// | `wellspring.precision` | `float64`, `float32`, `bfloat16` or `int8` |
/// | `wellspring.modules` | JSON array of `{"name":…,"k_S":…,"k_A":…,"rank":…}`, in the order of their columns |
///
/// The number of a shard is not in its file: merged stores number their shards anew.
///
/// ## store.json
///
/// The snapshot is indented JSON: `format` (`wellspring-gradient-store`), `version` (1), `store`, `precision` and
/// `modules` as above, `documents` and `bytes` of all shards, `shards`, and `digest`. A shard is its number, its
/// `revision` (how often it was repaired), `documents`, `bytes` and `digest`: SHA-256 of its file from the footer on,
/// that is, of the footer, its length and the closing `ARROW1`. The digest of the snapshot is SHA-256 of the text of
/// `store.json` with nothing between the quotes of that digest.
///
/// The file is replaced in one step when shards are added, merged or repaired. Whoever has read it finds the shards
/// that it names as they were, or, after a repair, finds that it was replaced and reads it again. Shards beyond it are
/// those of an append that is going on, or was stopped.
///
/// ## disks.json
///
/// `{"version":1,"folders":[…]}`: absolute paths, or paths relative to the folder of the store. On a disk, shards lie
/// in a folder of their own, `wellspring-` and the first twelve letters and digits of the store's identity, or that
/// and a number, if another store has taken the name; without disks, in `shards` in the store. All folders are
/// searched for all shards, so a shard may be moved; this file is no part of the content and may be edited.
///
/// ## The promise
///
/// Version 1 is frozen. Every later release reads it; shards of every precision and a snapshot of version 1 are part of
/// the tests. Any change to columns, metadata or checksums is another version, and a reader that meets a version it
/// does not know says so and stops. The same documents in the same shards give the same bytes.
@NullMarked
package dev.wellspring.store.gradients;

import org.jspecify.annotations.NullMarked;
