package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The words a domain is told in. Two skins of a domain say the same things: every predicate, operator and object
/// has one name in each, so that a [Renaming] is undone by renaming back.
public final class Skin {
    private final String name;
    private final long seed;
    private final Domain domain;
    private final Map<String, String> objects;
    private final List<Phrase> phrases;
    private final Map<String, Phrase> facts = new HashMap<>();
    private final Map<String, Phrase> steps = new HashMap<>();
    private final String objectPattern;
    private final Description description;

    /// @param objects from each object to its name
    /// @param phrases for operators and predicates; a predicate without one is never said
    /// @param objectPattern of names, after what those of one kind begin with
    Skin(
            String name,
            long seed,
            Domain domain,
            Map<String, String> objects,
            List<Phrase> phrases,
            String objectPattern,
            Description description) {
        this.name = name;
        this.seed = seed;
        this.domain = domain;
        this.objects = Map.copyOf(objects);
        this.phrases = List.copyOf(phrases);
        this.objectPattern = objectPattern;
        this.description = description;
        for (Phrase phrase : phrases) {
            (phrase.step() ? steps : facts).put(phrase.symbol(), phrase);
        }
    }

    /// What the domain is, at the head of a prompt.
    interface Description {
        /// The text, ending in a line break.
        ///
        /// @param timed whether each action's time is stated
        String text(boolean timed);
    }

    /// The skin of that name.
    ///
    /// @param seed what the random words are drawn with; the other skins do not use it
    public static Skin of(World world, SkinName name, long seed) {
        return Skins.of(world, name, seed);
    }

    /// The name in files.
    public String name() {
        return name;
    }

    /// What random words were drawn with.
    public long seed() {
        return seed;
    }

    /// What the domain is, ending in a line break.
    ///
    /// @param timed whether each action's time is stated
    public String description(boolean timed) {
        return description.text(timed);
    }

    /// Whether facts of a predicate are ever said: plain names tell by themselves what is a truck.
    public boolean says(String predicate) {
        return facts.containsKey(predicate);
    }

    /// The fact in words.
    public String say(Fact fact) {
        return say(facts, fact.predicate(), fact.arguments());
    }

    /// The step in words.
    public String say(Step step) {
        return say(steps, step.operator(), step.arguments());
    }

    /// Those of the facts that are ever said, with commas, the last after `and`.
    public String list(Collection<Fact> told) {
        List<String> said = new ArrayList<>();
        for (Fact fact : told) {
            if (says(fact.predicate())) {
                said.add(say(fact));
            }
        }
        return said.size() < 2
                ? String.join("", said)
                : String.join(", ", said.subList(0, said.size() - 1)) + " and " + said.getLast();
    }

    /// Understands texts of this skin.
    public SkinReader reader() {
        return new SkinReader(this);
    }

    Domain domain() {
        return domain;
    }

    List<Phrase> phrases() {
        return phrases;
    }

    String objectPattern() {
        return objectPattern;
    }

    Map<String, String> objects() {
        return objects;
    }

    private String say(Map<String, Phrase> known, String symbol, List<String> arguments) {
        Phrase phrase = known.get(symbol);
        if (phrase == null) {
            throw new IllegalArgumentException(
                    "skin " + name + ": expected one of the symbols that it says, got " + symbol);
        }
        List<String> names = new ArrayList<>();
        for (String object : arguments) {
            String said = objects.get(object);
            if (said == null) {
                throw new IllegalArgumentException("expected an object of the domain, got " + object);
            }
            names.add(said);
        }
        return phrase.say(names);
    }
}
