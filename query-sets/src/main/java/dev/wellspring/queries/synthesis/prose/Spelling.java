package dev.wellspring.queries.synthesis.prose;

/// The regular forms of English words.
final class Spelling {
    private static final String VOWELS = "aeiou";

    private Spelling() {}

    /// `a` or `an`, by the word that follows.
    static String article(String word) {
        if (VOWELS.indexOf(word.charAt(0)) < 0) {
            return word.startsWith("hour") ? "an" : "a";
        }
        boolean consonantFirst = word.startsWith("use") || word.startsWith("uni") || word.startsWith("one");
        return consonantFirst ? "a" : "an"; // written with a vowel and spoken with a consonant
    }

    static String plural(String noun) {
        if (endsInConsonantY(noun)) {
            return noun.substring(0, noun.length() - 1) + "ies";
        }
        return noun + (hisses(noun) ? "es" : "s");
    }

    /// `he carries`.
    static String thirdPerson(String verb) {
        return verb.endsWith("o") ? verb + "es" : plural(verb);
    }

    static String past(String verb) {
        if (verb.endsWith("e")) {
            return verb + "d";
        }
        return endsInConsonantY(verb) ? verb.substring(0, verb.length() - 1) + "ied" : doubled(verb) + "ed";
    }

    static String gerund(String verb) {
        if (verb.endsWith("ie")) {
            return verb.substring(0, verb.length() - 2) + "ying";
        }
        boolean silent = verb.endsWith("e") && !verb.endsWith("ee") && !verb.endsWith("oe") && !verb.endsWith("ye");
        return silent ? verb.substring(0, verb.length() - 1) + "ing" : doubled(verb) + "ing";
    }

    /// `older`, or `more curious`.
    static String comparative(String adjective) {
        int syllables = syllables(adjective);
        if (endsInConsonantY(adjective) && syllables <= 2) {
            return adjective.substring(0, adjective.length() - 1) + "ier";
        }
        boolean isParticiple = adjective.endsWith("ed") || adjective.endsWith("rn") || adjective.indexOf('-') >= 0;
        if (syllables > 1 || isParticiple) {
            return "more " + adjective;
        }
        return adjective.endsWith("e") ? adjective + "r" : doubled(adjective) + "er";
    }

    /// A last consonant is doubled after a single vowel in a word of one syllable: `stop`, `stopped`.
    private static String doubled(String word) {
        int length = word.length();
        if (length < 3 || syllables(word) != 1) {
            return word;
        }
        char last = word.charAt(length - 1);
        boolean doubles = isConsonant(last)
                && "wxy".indexOf(last) < 0
                && !isConsonant(word.charAt(length - 2))
                && isConsonant(word.charAt(length - 3));
        return doubles ? word + last : word;
    }

    /// Groups of vowels, of which a last silent `e` is none.
    private static int syllables(String word) {
        int groups = 0;
        for (int i = 0; i < word.length(); i++) {
            groups += sounds(word, i) && !sounds(word, i - 1) ? 1 : 0;
        }
        boolean sounded = word.endsWith("le") && !sounds(word, word.length() - 3); // gentle, but not pale
        boolean silentE = word.endsWith("e") && !sounded && groups > 1;
        return silentE ? groups - 1 : groups;
    }

    private static boolean sounds(String word, int at) {
        return at >= 0 && (!isConsonant(word.charAt(at)) || (word.charAt(at) == 'y' && at > 0));
    }

    private static boolean hisses(String word) {
        return word.endsWith("s")
                || word.endsWith("x")
                || word.endsWith("z")
                || word.endsWith("ch")
                || word.endsWith("sh");
    }

    private static boolean endsInConsonantY(String word) {
        return word.endsWith("y") && word.length() > 1 && isConsonant(word.charAt(word.length() - 2));
    }

    private static boolean isConsonant(char letter) {
        return VOWELS.indexOf(letter) < 0;
    }
}
