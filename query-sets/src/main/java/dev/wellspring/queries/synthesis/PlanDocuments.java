package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.planning.BlocksworldUniverse;
import java.util.List;
import java.util.Map;

/// The problems of a closed world of blocks, each with a shortest plan, in the words of the queries.
final class PlanDocuments implements DocumentFamily {
    private final BlocksworldUniverse universe = new BlocksworldUniverse();

    @Override
    public String name() {
        return "plans";
    }

    @Override
    public FamilyDescription describe() {
        FamilyDescription queries = universe.describe();
        return new FamilyDescription(
                "Every problem of a closed world of blocks with a shortest plan, in the words of the queries.",
                queries.source(),
                queries.parameters(),
                Map.of(Role.CASE.label(), queries.count()));
    }

    /// Holds all plans in memory, as finding one means finding many.
    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Plans(seed, universe.generate(seed, parameters).toList());
    }

    private record Plans(long seed, List<GeneratedQuery> solved) implements Documents {
        @Override
        public long distinct() {
            return solved.size();
        }

        @Override
        public LabelledDocument at(long index) {
            GeneratedQuery one = solved.get((int) Draws.repeated(seed, index, solved.size()));
            return new LabelledDocument(
                    "plans-" + index,
                    "plans",
                    one.prompt() + one.completion(),
                    one.family(),
                    Role.CASE,
                    "plan",
                    one.format(),
                    one.skin(),
                    one.id(),
                    one.coordinates(),
                    Map.of(),
                    List.of(one.completion()));
        }
    }
}
