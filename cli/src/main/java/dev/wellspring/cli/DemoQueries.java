package dev.wellspring.cli;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.QuerySet;
import dev.wellspring.queries.synthesis.CanaryQueries;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// What the demonstration asks: facts and reasoning with controls, and the code words of the canaries.
final class DemoQueries {
    private static final long SEED = 0;

    private DemoQueries() {}

    /// Writes the set, unless it is there.
    ///
    /// @return the file of the queries
    static Path make(DemoSize size, Path folder) throws IOException {
        var set = new QuerySet(folder);
        if (!Files.exists(set.manifestFile())) {
            Files.deleteIfExists(set.queries()); // the manifest is written last
            set.write("demo", SEED, Map.of("size", size.word()), queries(size).iterator());
        }
        return set.queries();
    }

    private static Stream<GeneratedQuery> queries(DemoSize size) {
        int tasks = DemoSize.TASKS.size();
        Stream<GeneratedQuery> facts = of(
                "factual",
                Map.of(
                        "table", "invented",
                        "facts", Integer.toString(size.facts()),
                        "controls", Integer.toString(tasks * size.controls())));
        Stream<GeneratedQuery> reasoning = DemoSize.TASKS.stream()
                .flatMap(task -> Stream.concat(
                        reasoning(task, size)
                                .filter(query -> query.kind() == QueryKind.REASONING)
                                .limit(size.reasoning()),
                        reasoning(task, size).filter(query -> query.kind() == QueryKind.CONTROL)));
        return Stream.of(facts, reasoning, CanaryQueries.of(SEED, size.canaries()).stream())
                .flatMap(part -> part);
    }

    private static Stream<GeneratedQuery> reasoning(String task, DemoSize size) {
        return of(task, Map.of("generated", "0", "controls", Integer.toString(size.controls())));
    }

    private static Stream<GeneratedQuery> of(String name, Map<String, String> parameters) {
        QueryFamily family = Families.named(name);
        return family.generate(SEED, family.describe().parameters(parameters));
    }
}
