package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;
import dev.wellspring.validation.Interval;
import java.util.List;

/// How often documents of each source stand at the ends of rankings, compared with all documents. Ruis et
/// al. 2024 (arXiv 2411.12580), finding 5.
///
/// @param corpus the sources, most frequent first
/// @param depths the k of "the first k": 50, 500, 5,000 and so on up to half of the documents
/// @param queries for every query and end, in the order of the run, top before bottom
/// @param groups for every group, end, depth and source
public record SourceFindings(List<OfCorpus> corpus, List<Long> depths, List<OfQuery> queries, List<OfGroup> groups) {
    /// What stands for documents without a source.
    public static final String NONE = "(none)";

    /// What stands for all sources beyond the first 63 that were met.
    public static final String OTHER = "(other)";

    /// @param share of all documents
    public record OfCorpus(String source, long documents, double share) {}

    /// @param query its number
    /// @param counts (depths, sources) how many of the first k are of each source. Whole numbers up to
    /// 5,000; beyond, documents whose scores differ by less than 0.8 % around the k-th place are counted as
    /// if they were mixed evenly
    public record OfQuery(int query, Tail tail, double[][] counts) {}

    /// @param depth k
    /// @param ratio the share among the first k, divided by the share of all documents: above 1, the source is
    /// over-represented. The mean over queries, with a 95 % interval over resampled queries
    public record OfGroup(QueryGroup group, Tail tail, long depth, String source, Interval ratio) {}
}
