package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Documents that alone hold their answer: a code word that no other document says.
final class Canaries implements DocumentFamily {
    private static final String CONSONANTS = "bdfghjklmnprstvz";
    private static final int SHORTEST = 4;

    @Override
    public String name() {
        return "canaries";
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Planted documents, each with a code word of its own: for its question it must rank first.",
                "the check that planted documents are found",
                List.of(),
                Map.of(Role.CANARY.label(), 8));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Codes(seed);
    }

    private record Codes(long seed) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            String code = String.format(Locale.ROOT, "%016x", Draws.hash(seed, index));
            String text = "The code word of post " + post(index) + " is " + code + ".";
            return LabelledDocument.of("canaries", index, "canary", Role.CANARY, "code-word", text)
                    .withCoordinates(Map.of("post", (int) (index % Integer.MAX_VALUE)))
                    .withAnswers(code);
        }

        /// The index in base 16, with consonants for digits: a number might be an answer, and so might a name.
        private static String post(long index) {
            var name = new StringBuilder();
            for (long rest = index; rest != 0 || name.length() < SHORTEST; rest >>>= 4) {
                name.append(CONSONANTS.charAt((int) (rest & 15)));
            }
            return name.reverse().toString();
        }
    }
}
