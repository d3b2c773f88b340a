package dev.wellspring.queries.task.factual;

import dev.wellspring.queries.task.Permutation;
import java.util.List;

/// Names by number, no two the same, that no model has read before.
///
/// @param seed decides their order
record InventedNames(long seed) {
    private static final List<String> ONSETS = List.of(
            "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "kl", "st", "th");
    private static final List<String> VOWELS = List.of("a", "e", "i", "o", "u", "ei", "ou");
    private static final List<String> ENDS =
            List.of("land", "mar", "dor", "via", "ston", "beth", "ric", "nia", "wick", "gar", "lin", "tos");
    private static final int SYLLABLES = ONSETS.size() * VOWELS.size();

    /// How many there are.
    static final long COUNT = (long) SYLLABLES * SYLLABLES * SYLLABLES * ENDS.size();

    /// Three syllables and an end: no other number has the same ones, as syllables begin with consonants and end in
    /// vowels.
    String name(long number) {
        long rest = Permutation.at(seed, number, COUNT);
        var name = new StringBuilder(16);
        for (int i = 0; i < 3; i++) {
            int syllable = (int) (rest % SYLLABLES);
            name.append(ONSETS.get(syllable / VOWELS.size())).append(VOWELS.get(syllable % VOWELS.size()));
            rest /= SYLLABLES;
        }
        name.append(ENDS.get((int) rest));
        name.setCharAt(0, Character.toUpperCase(name.charAt(0)));
        return name.toString();
    }
}
