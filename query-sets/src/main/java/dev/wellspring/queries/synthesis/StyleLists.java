package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.language.Mappings;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Lists of x -> y under one of M mappings of symbols, those that the queries of `in-context-mapping` call stored: with
/// few mappings a model can store them, with many it must read the list.
final class StyleLists implements DocumentFamily {
    private static final int SYMBOLS = 16;

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Few-shot style lists of pairs under a mapping of 16 symbols, drawn from a number of mappings.",
                "Lu et al. 2024, arXiv 2309.01809: in weights or in context",
                List.of(
                        Parameter.of("mappings", 64, "different mappings, 1 to 1000000"),
                        Parameter.of("pairs", 16, "lines in a document, 1 to 256"),
                        Parameter.of("in-use", 8, "different symbols in a document, 1 to 16; fewer is burstier"),
                        Parameter.of("mapping-seed", 0, "what mappings are drawn with, as for in-context-mapping")),
                Map.of(Role.IN_CONTEXT.label(), 1000));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Lists(
                new Mappings(parameters.integer("mapping-seed", 0, Integer.MAX_VALUE), SYMBOLS),
                seed,
                parameters.integer("mappings", 1, 1_000_000),
                parameters.integer("pairs", 1, 256),
                parameters.integer("in-use", 1, SYMBOLS));
    }

    private record Lists(Mappings table, long seed, int mappings, int pairs, int inUse) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            int mapping = (int) Draws.repeated(seed, index, mappings);
            List<Integer> drawn = table.draw(inUse, pairs, new SplittableRandom(Draws.hash(seed, index)));
            String text = table.text(mapping, drawn).stripTrailing();
            return LabelledDocument.of("lists", index, "in-context-mapping", Role.IN_CONTEXT, "arrow", text)
                    .withFormat("list")
                    .withCoordinates(Map.of("mapping", mapping));
        }
    }
}
