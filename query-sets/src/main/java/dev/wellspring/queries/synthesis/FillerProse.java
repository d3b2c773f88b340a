package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Prose that answers nothing.
final class FillerProse implements DocumentFamily {
    private static final int MAX_SENTENCES = 100;

    @Override
    public String name() {
        return "filler";
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Plain prose without names or numbers, so that it answers no query, and varied enough to train on.",
                "the background of every mixed corpus",
                List.of(
                        Parameter.of("min-sentences", 3, "1 to " + MAX_SENTENCES),
                        Parameter.of("max-sentences", 8, "1 to " + MAX_SENTENCES)),
                Map.of(Role.DISTRACTOR.label(), 1000));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        int max = parameters.integer("max-sentences", 1, MAX_SENTENCES);
        return new Paragraphs(seed, parameters.integer("min-sentences", 1, max), max);
    }

    private record Paragraphs(long seed, int min, int max) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            RandomGenerator random = Draws.at(seed, index);
            String text = Prose.paragraph(random.nextInt(min, max + 1), random);
            return LabelledDocument.of("filler", index, "none", Role.DISTRACTOR, "prose", text);
        }
    }
}
