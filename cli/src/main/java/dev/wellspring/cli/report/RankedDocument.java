package dev.wellspring.cli.report;

/// One document of a query's ranking in a report. Ranks count from 1, and are 0 where they are not known.
///
/// @param number of the document in the report's [DocumentTable]
/// @param place its number among the documents of the run
/// @param raw its score for the query, nats per unit weight
/// @param bm25 its BM25 score for the query; NaN where the run has none
/// @param rawRank by raw influence, among all documents
/// @param normalisedRank by normalised influence
/// @param bm25Rank by BM25
/// @param shuffledRank by influence on another query
/// @param tokens (predictions) what each token adds to the raw score; empty where it is not shown
/// @param modules (modules) what each module adds to it; empty where it is not known
/// @param queryTokens (predictions of the query) what each token of the query adds to it, before compression; empty
///     where it is not known
public record RankedDocument(
        int number,
        int place,
        double raw,
        double bm25,
        long rawRank,
        long normalisedRank,
        long bm25Rank,
        long shuffledRank,
        double[] tokens,
        double[] modules,
        double[] queryTokens) {}
