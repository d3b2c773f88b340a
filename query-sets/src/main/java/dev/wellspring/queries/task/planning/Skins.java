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
import java.util.TreeSet;

/// Makes the skins. The plain one has sentences of its own; the others name every predicate and operator by one
/// word and spell the rules out from the operators themselves.
final class Skins {
    private static final List<String> COLOURS = List.of(
            "red", "blue", "orange", "yellow", "white", "magenta", "black", "cyan", "green", "violet", "silver",
            "gold");

    private static final Map<String, String> PLAIN_FACTS = Map.ofEntries(
            Map.entry("clear", "{0} is clear"),
            Map.entry("ontable", "{0} is on the table"),
            Map.entry("handempty", "the hand is empty"),
            Map.entry("holding", "the hand is currently holding {0}"),
            Map.entry("on", "{0} is on top of {1}"),
            Map.entry("package", "{0} is a package"),
            Map.entry("truck", "{0} is a truck"),
            Map.entry("airplane", "{0} is an airplane"),
            Map.entry("airport", "{0} is an airport"),
            Map.entry("in-city", "{0} is in the city {1}"),
            Map.entry("at", "{0} is at {1}"),
            Map.entry("in", "{0} is in {1}"));

    private static final Map<String, String> PLAIN_STEPS = Map.of(
            "pick-up", "pick up {0}",
            "put-down", "put down {0}",
            "stack", "stack {0} on top of {1}",
            "unstack", "unstack {0} from on top of {1}",
            "load-truck", "load {0} into {1 truck} at {2}",
            "load-airplane", "load {0} into {1 airplane} at {2}",
            "unload-truck", "unload {0} from {1 truck} at {2}",
            "unload-airplane", "unload {0} from {1 airplane} at {2}",
            "drive-truck", "drive {0} from {1} to {2} in {3}",
            "fly-airplane", "fly {0} from {1} to {2}");

    /// Blocksworld's words are those of the paper; Logistics has none there, so these are our own.
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
            Map.entry("load-truck", "wash"),
            Map.entry("load-airplane", "invite"),
            Map.entry("unload-truck", "borrow"),
            Map.entry("unload-airplane", "forget"),
            Map.entry("drive-truck", "paint"),
            Map.entry("fly-airplane", "answer"),
            Map.entry("package", "lantern"),
            Map.entry("truck", "orchard"),
            Map.entry("airplane", "whistle"),
            Map.entry("airport", "velvet"),
            Map.entry("in-city", "shelters"),
            Map.entry("at", "admires"),
            Map.entry("in", "follows"));

    private Skins() {}

    static Skin of(World world, SkinName name, long seed) {
        return switch (name) {
            case PLAIN -> plain(world, name);
            case MYSTERY -> spelt(world, name, 0, DECEPTIVE);
            case RANDOM_PER_CORPUS, RANDOM_PER_INSTANCE -> spelt(world, name, seed, randomWords(world, seed));
        };
    }

    private static Skin plain(World world, SkinName name) {
        Map<String, String> objects = new LinkedHashMap<>();
        for (int i = 0; i < world.universe().size(); i++) {
            String object = world.universe().get(i);
            objects.put(
                    object,
                    switch (world) {
                        case Blocksworld ignored -> "the " + COLOURS.get(i) + " block";
                        case Logistics ignored -> object;
                    });
        }
        List<Phrase> phrases = new ArrayList<>();
        predicates(world.domain())
                .keySet()
                .forEach(symbol -> phrases.add(Phrase.of(symbol, false, word(PLAIN_FACTS, symbol), objects)));
        for (Operator operator : world.domain().operators()) {
            phrases.add(Phrase.of(operator.name(), true, word(PLAIN_STEPS, operator.name()), objects));
        }
        return new Skin(name.text(), 0, objects, List.copyOf(phrases), PlainDescription.of(world));
    }

    private static Skin spelt(World world, SkinName name, long seed, Map<String, String> words) {
        Map<String, String> objects = new LinkedHashMap<>();
        for (int i = 0; i < world.universe().size(); i++) {
            objects.put(world.universe().get(i), "object " + (char) ('a' + i));
        }
        List<Phrase> phrases = new ArrayList<>();
        predicates(world.domain()).forEach((symbol, arity) -> {
            String said = word(words, symbol);
            phrases.add(Phrase.of(symbol, false, fact(said, arity), objects));
        });
        for (Operator operator : world.domain().operators()) {
            String said = word(words, operator.name());
            int arity = operator.parameters().size();
            phrases.add(Phrase.of(operator.name(), true, step(said, arity), objects));
        }
        return new Skin(name.text(), seed, objects, List.copyOf(phrases), spelt(world.domain(), words));
    }

    private static String fact(String word, int arity) {
        return switch (arity) {
            case 0 -> word;
            case 1 -> word + " {0}";
            default -> "{0} " + word + " {1}";
        };
    }

    private static String step(String word, int arity) {
        return word
                + String.join(
                        "",
                        List.of(" {0}", " from {1}", " with {2}", " for {3}").subList(0, arity));
    }

    private static Skin.Description spelt(Domain domain, Map<String, String> words) {
        StringBuilder plain =
                new StringBuilder("I am playing with a set of objects. Here are the actions I can do\n\n");
        StringBuilder rules = new StringBuilder("\nI have the following restrictions on my actions:\n");
        StringBuilder times = new StringBuilder();
        for (Operator operator : domain.operators()) {
            String action = word(words, operator.name());
            Map<String, String> names = parameterNames(operator);
            plain.append(action);
            List<String> joints = List.of(" ", " from ", " with ", " for ");
            for (int i = 0; i < operator.parameters().size(); i++) {
                plain.append(joints.get(i))
                        .append(word(names, operator.parameters().get(i)));
            }
            plain.append('\n');
            rules.append("To perform ").append(action).append(" action, the following facts need to be true: ");
            rules.append(list(operator.preconditions(), words, names)).append(".\n");
            rules.append("Once ").append(action).append(" action is performed the following facts will be true: ");
            rules.append(list(operator.additions(), words, names)).append(".\n");
            rules.append("Once ").append(action).append(" action is performed the following facts will be false: ");
            rules.append(list(operator.deletions(), words, names)).append(".\n");
            times.append("It takes 1 minute to perform ").append(action).append(" action.\n");
        }
        plain.append(rules);
        return new Skin.Description(plain.toString(), plain.toString() + times);
    }

    /// One parameter is `object`; of several the second is `another object`, the third `third object`.
    private static Map<String, String> parameterNames(Operator operator) {
        List<String> names = List.of("object", "another object", "third object", "fourth object");
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < operator.parameters().size(); i++) {
            named.put(operator.parameters().get(i), names.get(i));
        }
        return named;
    }

    private static String list(List<Fact> facts, Map<String, String> words, Map<String, String> names) {
        List<String> said = new ArrayList<>();
        for (Fact fact : facts) {
            String text = fact(word(words, fact.predicate()), fact.arguments().size());
            for (int i = 0; i < fact.arguments().size(); i++) {
                text = text.replace("{" + i + "}", word(names, fact.arguments().get(i)));
            }
            said.add(text);
        }
        return String.join(", ", said);
    }

    private static Map<String, String> randomWords(World world, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> symbols = new ArrayList<>(predicates(world.domain()).keySet());
        world.domain().operators().forEach(operator -> symbols.add(operator.name()));
        Collections.sort(symbols);
        Map<String, String> words = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (String symbol : symbols) {
            String word = randomWord(random);
            while (!taken.add(word)) {
                word = randomWord(random);
            }
            words.put(symbol, word);
        }
        return words;
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
        Map<String, Integer> arities = new HashMap<>();
        for (Operator operator : domain.operators()) {
            for (List<Fact> facts : List.of(operator.preconditions(), operator.additions(), operator.deletions())) {
                facts.forEach(
                        fact -> arities.put(fact.predicate(), fact.arguments().size()));
            }
        }
        Map<String, Integer> sorted = new LinkedHashMap<>();
        new TreeSet<>(arities.keySet()).forEach(symbol -> sorted.put(symbol, arities.getOrDefault(symbol, 0)));
        return sorted;
    }

    private static String word(Map<String, String> words, String symbol) {
        String word = words.get(symbol);
        if (word == null) {
            throw new IllegalArgumentException("expected a word for " + symbol + ", got none");
        }
        return word;
    }
}
