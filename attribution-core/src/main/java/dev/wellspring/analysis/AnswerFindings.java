package dev.wellspring.analysis;

import dev.wellspring.validation.Interval;
import java.util.List;

/// Whether the documents at the top of rankings hold the answers. Ruis et al. 2024 (arXiv 2411.12580),
/// finding 3.
///
/// @param documents how many were searched
/// @param depths the k of "the first k": 50, 500, 5,000 and so on up to half of the documents
/// @param needles for every query that has some, its answers and then the results of its steps
/// @param groups by kind and task
public record AnswerFindings(long documents, List<Long> depths, List<Needle> needles, List<OfGroup> groups) {
    /// What is looked for.
    public enum Sort {
        /// Any one of the query's `answers`.
        ANSWER,
        /// One of its `intermediate_answers`: the result of a step.
        STEP
    }

    /// What was looked for, and where it is.
    ///
    /// @param query its number
    /// @param step the number of the step, from 1; 0 for the answer
    /// @param texts any of which counts
    /// @param holding how many documents hold one of them
    /// @param best the rank of the first that does, 1 for the very first; 0 where none does
    /// @param found (depths) how many of the first k documents do
    /// @param expected (depths) how many of k documents drawn at random would
    /// @param chance (depths) how likely at least one of k documents drawn at random does
    public record Needle(
            int query,
            Sort sort,
            int step,
            List<String> texts,
            long holding,
            long best,
            long[] found,
            double[] expected,
            double[] chance) {}

    /// Over the queries of a group that have such a thing to look for.
    ///
    /// @param depth k
    /// @param queries how many
    /// @param any the share of queries for which it is in the first k; of [Sort#STEP], for which every
    /// step's result is, be it in different documents; with a 95 % interval over resampled queries
    /// @param chance what that share would be for k documents drawn at random: the mean of the chances (of
    /// steps, their products)
    /// @param ratio documents of the first k that hold it, over all these queries, divided by the number
    /// expected of documents drawn at random; NaN where no document holds any
    public record OfGroup(
            QueryGroup group, Sort sort, long depth, int queries, Interval any, double chance, double ratio) {}
}
