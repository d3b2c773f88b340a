package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameters;

/// Documents of one make.
public interface DocumentFamily {
    /// The name in files and on the command line: lower case with hyphens.
    String name();

    /// Purpose, source, parameters, and how many documents the defaults give, by role.
    FamilyDescription describe();

    /// The documents for a seed.
    ///
    /// @throws dev.wellspring.queries.corpus.CorpusException if a parameter's value has no meaning
    Documents documents(long seed, Parameters parameters);
}
