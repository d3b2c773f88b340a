package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.synthesis.prose.Register;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Prose that answers nothing.
final class FillerProse implements DocumentFamily {
    private static final int MAX_SENTENCES = 100;

    /// Keeps these texts apart from the prose in documents of other families.
    private static final long STREAM = 0xF111E5;

    private static final List<Register> REGISTERS = List.of(Register.values());

    @Override
    public String name() {
        return "filler";
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Prose without names or numbers, so that it answers no query: stories, letters, recipes and other registers.",
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
            RandomGenerator random = Draws.at(seed ^ STREAM, index);
            Register register = Draws.one(REGISTERS, random);
            String text = register.text(random.nextInt(min, max + 1), random);
            return LabelledDocument.of("filler", index, "none", Role.DISTRACTOR, register.label(), text);
        }
    }
}
