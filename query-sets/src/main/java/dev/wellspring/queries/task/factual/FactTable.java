package dev.wellspring.queries.task.factual;

import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.List;

/// Facts by number, from 0: what the queries of `factual` ask for and the documents of `facts` state. Both get the
/// same facts from the same seed and parameters.
public sealed interface FactTable permits RealFacts, InventedFacts {
    /// How many there are.
    int size();

    /// One of them.
    Fact fact(int number);

    /// The table that the parameters choose.
    ///
    /// @param seed decides the names of invented facts
    static FactTable chosen(long seed, Parameters parameters) {
        int facts = parameters.integer("facts", 1, InventedFacts.MAX);
        return parameters.text("table").equals("real") ? new RealFacts(facts) : new InventedFacts(seed, facts);
    }

    /// What [#chosen] reads.
    ///
    /// @param usual the table that is taken if none is asked for, `real` or `invented`
    static List<Parameter> parameters(String usual) {
        return List.of(
                new Parameter(
                        "table", usual, "facts that are known, or that nobody knows", List.of("real", "invented")),
                Parameter.of(
                        "facts",
                        70,
                        "how many, 1 to " + InventedFacts.MAX + "; " + RealFacts.ALL.size()
                                + " at most of the real ones"));
    }
}
