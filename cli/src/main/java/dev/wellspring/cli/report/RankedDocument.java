package dev.wellspring.cli.report;

import dev.wellspring.store.scores.ScoreRow;

/// One document of a query's ranking in a report. Ranks count from 1, and are 0 where they are not known.
///
/// @param number of the document in the report's [DocumentTable]
/// @param place its number among the documents of the run
/// @param row its scores for the query
/// @param rawRank by raw influence, among all documents
/// @param normalisedRank by normalised influence
/// @param bm25Rank by BM25
/// @param shuffledRank by influence on another query
/// @param tokens (predictions) what each token adds to the raw score; empty where it is not shown
/// @param modules (modules) what each module adds to it; empty where it is not known
public record RankedDocument(
        int number,
        int place,
        ScoreRow row,
        long rawRank,
        long normalisedRank,
        long bm25Rank,
        long shuffledRank,
        double[] tokens,
        double[] modules) {}
