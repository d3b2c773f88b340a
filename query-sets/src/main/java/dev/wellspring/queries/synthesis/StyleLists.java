package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Lists of x → y under one of M mappings of symbols: with few mappings a model can store them, with many it
/// must read the list.
final class StyleLists implements DocumentFamily {
    private static final int SYMBOLS = 16;
    private static final List<String> ARROWS = List.of(" -> ", ": ", " = ");

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
                        Parameter.of("in-use", 8, "different symbols in a document, 1 to 16; fewer is burstier")),
                Map.of(Role.IN_CONTEXT.label(), 1000));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Lists(
                seed,
                parameters.integer("mappings", 1, 1_000_000),
                parameters.integer("pairs", 1, 256),
                parameters.integer("in-use", 1, SYMBOLS));
    }

    private record Lists(long seed, int mappings, int pairs, int inUse) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            RandomGenerator random = Draws.at(seed, index);
            int mapping = (int) Draws.repeated(seed, index, mappings);
            int style = random.nextInt(ARROWS.size());
            long chosen = random.nextLong();
            var text = new StringBuilder();
            for (int i = 0; i < pairs; i++) {
                long symbol = Draws.shuffled(chosen, random.nextInt(inUse), SYMBOLS);
                text.append(i == 0 ? "" : "\n");
                text.append(letter(symbol)).append(ARROWS.get(style));
                text.append(letter(Draws.shuffled(Draws.hash(seed, mapping), symbol, SYMBOLS)));
            }
            return LabelledDocument.of("lists", index, "mapping", Role.IN_CONTEXT, "style-" + style, text.toString())
                    .withFormat("list")
                    .withCoordinates(Map.of("mapping", mapping));
        }

        private static char letter(long symbol) {
            return (char) ('a' + symbol);
        }
    }
}
