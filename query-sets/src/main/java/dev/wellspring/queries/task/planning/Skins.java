package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes the skins. The plain one has sentences of its own; the others have one word for every predicate and
/// operator.
final class Skins {
    private static final List<String> COLOURS = List.of(
            "red", "blue", "orange", "yellow", "white", "magenta", "black", "cyan", "green", "violet", "silver",
            "gold");

    private static final Map<String, String> PLAIN_FACTS = Map.of(
            "clear", "the {0} is clear",
            "ontable", "the {0} is on the table",
            "handempty", "the hand is empty",
            "holding", "the hand is currently holding {0}",
            "on", "the {0} is on top of the {1}",
            "airport", "{0} is an airport",
            "in-city", "{0} is in the city {1}",
            "at", "{0} is at {1}",
            "in", "{0} is in {1}");

    private static final Map<String, String> PLAIN_STEPS = Map.of(
            "pick-up", "pick up the {0}",
            "put-down", "put down the {0}",
            "stack", "stack the {0} on top of the {1}",
            "unstack", "unstack the {0} from on top of the {1}",
            "load-truck", "load {0} into {1 truck} at {2}",
            "load-airplane", "load {0} into {1 airplane} at {2}",
            "unload-truck", "unload {0} from {1 truck} at {2}",
            "unload-airplane", "unload {0} from {1 airplane} at {2}",
            "drive-truck", "drive {0} from {1} to {2} in {3}",
            "fly-airplane", "fly {0} from {1} to {2}");

    private static final Map<String, String> DECEPTIVE = Map.ofEntries(
            Map.entry("pick-up", "attack"),
            Map.entry("put-down", "succumb"),
            Map.entry("stack", "overcome"),
            Map.entry("unstack", "feast"),
            Map.entry("ontable", "planet"),
            Map.entry("clear", "province"),
            Map.entry("handempty", "harmony"),
            Map.entry("holding", "pain"),
            Map.entry("on", "craves"),
            Map.entry("load-truck", "clip"),
            Map.entry("load-airplane", "sip"),
            Map.entry("unload-truck", "tightfisted"),
            Map.entry("unload-airplane", "paltry"),
            Map.entry("drive-truck", "wretched"),
            Map.entry("fly-airplane", "memory"),
            Map.entry("obj", "hand"),
            Map.entry("truck", "sneeze"),
            Map.entry("airplane", "cats"),
            Map.entry("airport", "spring"),
            Map.entry("location", "texture"),
            Map.entry("city", "stupendous"),
            Map.entry("in-city", "collect"),
            Map.entry("at", "next"),
            Map.entry("in", "vase"));

    /// Random words share no piece of this length.
    private static final int PIECE = 3;

    private Skins() {}

    static Skin of(World world, SkinName name, long seed) {
        return switch (name) {
            case PLAIN -> plain(world, name);
            case MYSTERY -> renamed(world, name, 0, DECEPTIVE);
            case RANDOM_PER_CORPUS, RANDOM_PER_INSTANCE -> renamed(world, name, seed, randomWords(world, seed));
        };
    }

    private static Skin plain(World world, SkinName name) {
        Map<String, String> objects = new LinkedHashMap<>();
        for (String object : world.universe()) {
            objects.put(
                    object,
                    switch (world) {
                        case Blocksworld ignored -> COLOURS.get(objects.size()) + " block";
                        case Logistics ignored -> object;
                    });
        }
        String pattern = switch (world) {
            case Blocksworld ignored -> "\\w+ block";
            case Logistics ignored -> "[a-z]*(?:_\\d+)+";
        };
        List<Phrase> phrases = new ArrayList<>();
        for (String symbol : predicates(world.domain()).keySet()) {
            if (!world.domain().kinds().containsValue(symbol)) {
                phrases.add(Phrase.of(symbol, false, word(PLAIN_FACTS, symbol)));
            }
        }
        for (Operator operator : world.domain().operators()) {
            phrases.add(Phrase.of(operator.name(), true, word(PLAIN_STEPS, operator.name())));
        }
        return new Skin(name.text(), 0, world.domain(), objects, phrases, pattern, Descriptions.plain(world));
    }

    private static Skin renamed(World world, SkinName name, long seed, Map<String, String> words) {
        boolean blocks = switch (world) {
            case Blocksworld ignored -> true;
            case Logistics ignored -> false;
        };
        Map<String, String> objects = new LinkedHashMap<>();
        for (String object : world.universe()) {
            int number = objects.size();
            objects.put(object, blocks ? "object " + (char) ('a' + number) : "object_" + number);
        }
        List<Phrase> phrases = new ArrayList<>();
        predicates(world.domain()).forEach((symbol, arity) -> {
            String said = word(words, symbol);
            phrases.add(
                    Phrase.of(symbol, false, blocks && arity == 2 ? "{0} " + said + " {1}" : slots(said, arity, " ")));
        });
        for (Operator operator : world.domain().operators()) {
            String said = word(words, operator.name());
            int arity = operator.parameters().size();
            phrases.add(Phrase.of(operator.name(), true, slots(said, arity, blocks ? " from " : " ")));
        }
        String pattern = blocks ? "object \\w" : "object_\\d+";
        return new Skin(
                name.text(),
                seed,
                world.domain(),
                objects,
                phrases,
                pattern,
                Descriptions.renamed(world, words, name == SkinName.MYSTERY));
    }

    private static String slots(String word, int arity, String joint) {
        StringBuilder template = new StringBuilder(word);
        for (int i = 0; i < arity; i++) {
            template.append(i == 0 ? " " : joint).append('{').append(i).append('}');
        }
        return template.toString();
    }

    /// Words that share no three characters in a row, so that no piece of one is a piece of another.
    private static Map<String, String> randomWords(World world, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> symbols = new TreeSet<>(predicates(world.domain()).keySet());
        world.domain().operators().forEach(operator -> symbols.add(operator.name()));
        Map<String, String> words = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (String symbol : symbols) {
            String word = randomWord(random);
            while (!Collections.disjoint(taken, pieces(word))) {
                word = randomWord(random);
            }
            taken.addAll(pieces(word));
            words.put(symbol, word);
        }
        return words;
    }

    private static Set<String> pieces(String word) {
        Set<String> pieces = new HashSet<>();
        for (int i = 0; i + PIECE <= word.length(); i++) {
            pieces.add(word.substring(i, i + PIECE));
        }
        return pieces;
    }

    private static String randomWord(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            word.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
        }
        return word.toString();
    }

    /// Every predicate with the number of its arguments, sorted.
    private static Map<String, Integer> predicates(Domain domain) {
        Map<String, Integer> arities = new TreeMap<>();
        for (Operator operator : domain.operators()) {
            for (List<Fact> facts : List.of(operator.preconditions(), operator.additions(), operator.deletions())) {
                facts.forEach(
                        fact -> arities.put(fact.predicate(), fact.arguments().size()));
            }
        }
        return arities;
    }

    private static String word(Map<String, String> words, String symbol) {
        String word = words.get(symbol);
        if (word == null) {
            throw new IllegalArgumentException("expected a word for " + symbol + ", got none");
        }
        return word;
    }
}
