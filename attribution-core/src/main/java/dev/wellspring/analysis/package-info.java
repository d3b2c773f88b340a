/// What to make of scores, and what cheaper methods would have said.
///
/// A baseline ranks the same documents for the same queries without a gradient, or with as little of one as can be:
/// [dev.wellspring.analysis.Baseline] lists them. [dev.wellspring.analysis.Baselines] computes those that need nothing
/// but token ids, in memory; [dev.wellspring.analysis.Bm25Writer] does so on disk, for corpora of any size.
/// [dev.wellspring.analysis.Resemblance] says how much of an influence ranking a baseline would have shown as well.
///
/// Across queries: [dev.wellspring.analysis.CrossQueryCorrelation] says which of them the same documents influence,
/// [dev.wellspring.analysis.Retrieval] whether a ranking begins with the documents that hold an answer, and
/// [dev.wellspring.analysis.TotalInfluence] how much all documents do together.
@NullMarked
package dev.wellspring.analysis;

import org.jspecify.annotations.NullMarked;
