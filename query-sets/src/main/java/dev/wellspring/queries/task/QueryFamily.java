package dev.wellspring.queries.task;

import dev.wellspring.queries.QueryKind;
import java.util.stream.Stream;

/// Queries of one make: how they are generated, and how an answer to one of them is graded.
///
/// A family has no state. Randomness enters as the seed alone, and the same seed and parameters give the same
/// queries in the same order.
public interface QueryFamily {
    /// The name in files and on the command line: lower case with hyphens.
    String name();

    /// What answering most of its queries takes.
    QueryKind kind();

    /// Purpose, source, parameters and counts.
    FamilyDescription describe();

    /// The queries in a stated order; ids are unique within the stream.
    ///
    /// @throws dev.wellspring.queries.corpus.CorpusException if a parameter's value has no meaning
    Stream<GeneratedQuery> generate(long seed, Parameters parameters);

    /// Grades any text as an answer to a query of this family; a query's own completion is right.
    Grade grade(GeneratedQuery query, String answer);
}
