package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Invented facts, each in 1, 2, 4, … or 64 documents that word it differently.
final class FactSheets implements DocumentFamily {
    /// Fact n is repeated 2^(n mod 7) times.
    static final int LEVELS = 7;

    private static final int GROUP = (1 << LEVELS) - 1;

    @Override
    public String name() {
        return "facts";
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Invented facts, a seventh of them each in 1, 2, 4, 8, 16, 32 and 64 documents with varied wording.",
                "the factual queries of Ruis et al. 2024, arXiv 2411.12580; repetition as a controlled variable",
                List.of(
                        Parameter.of("facts", 70, "different facts, 1 to " + FactTable.MAX_FACTS),
                        Parameter.of("prose", 2, "sentences of prose around the fact, at most, 0 to 20")),
                Map.of(Role.ANSWER_FACT.label(), (int) count(70)));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Sheets(
                seed,
                new FactTable(seed),
                parameters.integer("facts", 1, FactTable.MAX_FACTS),
                parameters.integer("prose", 0, 20));
    }

    /// How many documents a number of facts takes.
    static long count(int facts) {
        return (long) (facts / LEVELS) * GROUP + (1 << (facts % LEVELS)) - 1;
    }

    private record Sheets(long seed, FactTable table, int facts, int prose) implements Documents {
        @Override
        public long distinct() {
            return count(facts);
        }

        @Override
        public LabelledDocument at(long index) {
            long place = Draws.repeated(seed, index, distinct());
            int inGroup = (int) (place % GROUP) + 1;
            int level = 31 - Integer.numberOfLeadingZeros(inGroup);
            int copy = inGroup - (1 << level);
            int number = (int) (place / GROUP) * LEVELS + level;
            FactTable.Fact fact = table.fact(number);
            int template = (copy + number) % fact.templates();
            Map<String, Integer> coordinates = new LinkedHashMap<>();
            coordinates.put("fact", number);
            coordinates.put("copy", copy);
            coordinates.put("repetition", 1 << level);
            return LabelledDocument.of(
                            "facts",
                            index,
                            fact.relation().name(),
                            Role.ANSWER_FACT,
                            fact.relation().name() + "-" + template,
                            among(fact.sentence(template), Draws.at(seed, index)))
                    .withCoordinates(coordinates)
                    .withAnswers(fact.object());
        }

        private String among(String sentence, RandomGenerator random) {
            int before = random.nextInt(prose + 1);
            int after = random.nextInt(prose - before + 1);
            return (before == 0 ? "" : Prose.paragraph(before, random) + " ")
                    + sentence
                    + (after == 0 ? "" : " " + Prose.paragraph(after, random));
        }
    }
}
