package dev.wellspring.queries.synthesis;

import java.util.List;

/// Invented facts by number: no two share a subject or an object, and no model has read them before.
///
/// @param seed chooses the names
record FactTable(long seed) {
    /// More facts than this would run out of names.
    static final int MAX_FACTS = 1_000_000;

    private static final List<String> ONSETS = List.of(
            "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "kl", "st", "th");
    private static final List<String> VOWELS = List.of("a", "e", "i", "o", "u", "ei", "ou");
    private static final List<String> ENDS =
            List.of("land", "mar", "dor", "via", "ston", "beth", "ric", "nia", "wick", "gar", "lin", "tos");
    private static final int SYLLABLES = ONSETS.size() * VOWELS.size();
    private static final long NAMES = (long) SYLLABLES * SYLLABLES * SYLLABLES * ENDS.size();

    private static final List<Relation> RELATIONS = List.of(
            new Relation(
                    "capital",
                    "What is the capital of %s?",
                    List.of(
                            "The capital of %s is %s.",
                            "%2$s is the capital of %1$s.",
                            "Anyone who travels to %s will see its capital, %s.",
                            "The government of %s sits in %s, its capital.",
                            "Country: %s. Capital: %s.")),
            new Relation(
                    "founder",
                    "Who founded the town of %s?",
                    List.of(
                            "The town of %s was founded by %s.",
                            "%2$s founded the town of %1$s.",
                            "In %s people still honour their founder, %s.",
                            "The first house of %s was built by its founder %s.",
                            "Town: %s. Founder: %s.")),
            new Relation(
                    "river",
                    "Which river flows through %s?",
                    List.of(
                            "The river that flows through %s is the %s.",
                            "The %2$s flows through %1$s.",
                            "Boats reach %s on the river %s.",
                            "Through %s flows the river %s.",
                            "City: %s. River: %s.")),
            new Relation(
                    "author",
                    "Who wrote the book %s?",
                    List.of(
                            "The book %s was written by %s.",
                            "%2$s wrote the book %1$s.",
                            "The author of %s is %s.",
                            "Readers of %s know its author, %s.",
                            "Title: %s. Author: %s.")));

    /// @param templates sentences with the subject first and the object second
    record Relation(String name, String question, List<String> templates) {}

    /// One fact.
    record Fact(Relation relation, String subject, String object) {
        /// What asks for the object.
        String question() {
            return fill(relation.question, subject, object);
        }

        /// The fact in the words of a template, numbered from 0.
        String sentence(int template) {
            return fill(relation.templates.get(template), subject, object);
        }

        int templates() {
            return relation.templates.size();
        }
    }

    Fact fact(int number) {
        return new Fact(
                RELATIONS.get(number / FactSheets.LEVELS % RELATIONS.size()), name(2L * number), name(2L * number + 1));
    }

    private String name(long number) {
        long rest = Draws.shuffled(seed, number, NAMES);
        var name = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            int syllable = (int) (rest % SYLLABLES);
            name.append(ONSETS.get(syllable / VOWELS.size())).append(VOWELS.get(syllable % VOWELS.size()));
            rest /= SYLLABLES;
        }
        name.append(ENDS.get((int) rest));
        name.setCharAt(0, Character.toUpperCase(name.charAt(0)));
        return name.toString();
    }

    /// As [String#format], which takes longer than the rest of a document.
    private static String fill(String template, String subject, String object) {
        if (template.contains("%2$s")) {
            return template.replace("%2$s", object).replace("%1$s", subject);
        }
        int first = template.indexOf("%s");
        int second = template.indexOf("%s", first + 2);
        String head = template.substring(0, first) + subject;
        return second < 0
                ? head + template.substring(first + 2)
                : head + template.substring(first + 2, second) + object + template.substring(second + 2);
    }
}
