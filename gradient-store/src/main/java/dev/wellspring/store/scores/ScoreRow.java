package dev.wellspring.store.scores;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Rankable;
import org.jspecify.annotations.Nullable;

/// One document of a ranking: all that is known about it, and its score for one query.
///
/// @param document its id
/// @param part the number of the chunk, from 0
/// @param source where it comes from, if the corpus says so
/// @param tokens its number of tokens
/// @param loss in nats, summed
/// @param gradientNorm over the tracked modules
/// @param preview the beginning of its text
/// @param extras the corpus's other columns as a JSON object
/// @param raw nats per unit weight
/// @param nat [Normalisation#NAT]
/// @param normalised [Normalisation#NORMALISED]
/// @param bm25 its BM25 score; NaN where the run has none
/// @param shard the shard it stands in
/// @param index the number of its row in that shard
public record ScoreRow(
        String document,
        int part,
        @Nullable String source,
        int tokens,
        double loss,
        double gradientNorm,
        String preview,
        String extras,
        double raw,
        double nat,
        double normalised,
        double bm25,
        int shard,
        long index)
        implements Rankable {

    static ScoreRow of(ScoreBatch batch, int row, int query, double queryLoss) {
        double raw = batch.score(query, row);
        double norm = batch.gradientNorm(row);
        return new ScoreRow(
                batch.document(row),
                batch.part(row),
                batch.source(row),
                batch.tokens(row),
                batch.loss(row),
                norm,
                batch.preview(row),
                batch.extras(row),
                raw,
                Normalisation.NAT.apply(raw, queryLoss, norm),
                Normalisation.NORMALISED.apply(raw, queryLoss, norm),
                batch.bm25(query, row),
                batch.shard(),
                batch.firstRow() + row);
    }
}
