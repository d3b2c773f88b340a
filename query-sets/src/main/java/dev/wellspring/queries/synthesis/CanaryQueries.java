package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.GeneratedQuery;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The questions whose answers `canaries` plants: what a canary says is its query, cut before the code word.
public final class CanaryQueries {
    /// The family that these queries name.
    public static final String FAMILY = "canary";

    private CanaryQueries() {}

    /// One for each of the first documents of `canaries` under a seed, in their order.
    public static List<GeneratedQuery> of(long seed, int count) {
        var family = new Canaries();
        Documents canaries = family.documents(seed, family.describe().parameters(Map.of()));
        return IntStream.range(0, count).mapToObj(i -> query(canaries.at(i))).toList();
    }

    private static GeneratedQuery query(LabelledDocument canary) {
        String code = canary.answers().getFirst();
        int cut = canary.text().indexOf(" " + code);
        return GeneratedQuery.of(canary.id(), QueryKind.FACTUAL, FAMILY)
                .prompt(canary.text().substring(0, cut))
                .completion(canary.text().substring(cut))
                .answers(code)
                .build();
    }
}
