package dev.wellspring.queries.synthesis;

import java.util.List;
import java.util.random.RandomGenerator;

/// Sentences from a small grammar: no digits, no names.
final class Prose {
    private static final List<String> NOUNS = words("""
            river baker harbour lantern orchard clock bridge sailor garden kettle window market teacher forest wagon
            painter valley candle farmer library mountain fiddle weaver cellar meadow letter station fisherman chapel
            carpet miller lighthouse blanket gardener tower mirror shepherd village basket captain island stove
            cobbler fence ladder neighbour pond apron joiner archive engine traveller roof journal nurse courtyard
            violin merchant path bell widow barrel student workshop snow guest kitchen map potter storm stranger""");
    private static final List<String> ADJECTIVES = words("""
            quiet old narrow bright patient empty heavy gentle distant wooden broken early proud hollow steep careful
            painted foggy humble warm crooked lively plain silver tired sudden hidden slow generous cold faithful
            dusty green restless simple tall worn curious pale sturdy""");
    private static final List<String> VERBS = words("""
            watched carried followed remembered repaired crossed painted found left described borrowed measured
            admired forgot cleaned visited drew guarded opened missed bought noticed praised lost covered moved reached
            sold warmed trusted built kept""");
    private static final List<String> ADVERBS = words("""
            slowly again often carefully never quietly soon rarely almost always together suddenly gladly later
            twice elsewhere""");
    private static final List<String> TIMES = List.of(
            "In the morning",
            "After the rain",
            "Before winter",
            "At noon",
            "Long ago",
            "On market day",
            "That evening",
            "Every spring",
            "Once the bells had stopped",
            "During the harvest",
            "By lamplight",
            "As the tide went out");
    private static final List<String> PLACES = List.of(
            "near the shore",
            "behind the hill",
            "across the square",
            "under the eaves",
            "beyond the gate",
            "along the canal",
            "at the crossroads",
            "below the dam",
            "inside the barn",
            "by the fire",
            "above the town",
            "between the walls");
    private static final List<String> LINKS =
            List.of("because", "while", "although", "until", "so that", "and yet", "before", "where");
    private static final int TOPIC = 8;

    private Prose() {}

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    /// A number of sentences about the same few things.
    static String paragraph(int sentences, RandomGenerator random) {
        int[] topic = new int[TOPIC];
        for (int i = 0; i < TOPIC; i++) {
            topic[i] = random.nextInt(NOUNS.size());
        }
        var text = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            text.append(i == 0 ? "" : " ");
            sentence(text, topic, random);
        }
        return text.toString();
    }

    private static void sentence(StringBuilder text, int[] topic, RandomGenerator random) {
        int start = text.length();
        switch (random.nextInt(5)) {
            case 0 -> {
                clause(text, topic, random);
                text.append(' ').append(Draws.one(PLACES, random));
            }
            case 1 -> {
                text.append(Draws.one(TIMES, random)).append(", ");
                clause(text, topic, random);
            }
            case 2 -> {
                clause(text, topic, random);
                text.append(' ').append(Draws.one(LINKS, random)).append(' ');
                clause(text, topic, random);
            }
            case 3 -> {
                thing(text, topic, random);
                text.append(" was ").append(Draws.one(ADVERBS, random)).append(' ');
                text.append(Draws.one(ADJECTIVES, random)).append(", and ");
                clause(text, topic, random);
            }
            default -> clause(text, topic, random);
        }
        text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
        text.append('.');
    }

    private static void clause(StringBuilder text, int[] topic, RandomGenerator random) {
        thing(text, topic, random);
        if (random.nextInt(3) == 0) {
            text.append(' ').append(Draws.one(ADVERBS, random));
        }
        text.append(' ').append(Draws.one(VERBS, random)).append(' ');
        thing(text, topic, random);
    }

    private static void thing(StringBuilder text, int[] topic, RandomGenerator random) {
        text.append("the ");
        if (random.nextBoolean()) {
            text.append(Draws.one(ADJECTIVES, random)).append(' ');
        }
        text.append(NOUNS.get(topic[random.nextInt(TOPIC)]));
    }
}
