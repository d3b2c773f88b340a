package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The words a domain is told in. Two skins of a domain say the same things: every predicate, operator and object
/// has one name in each, so that [#rename] is undone by renaming back.
public final class Skin {
    private final String name;
    private final long seed;
    private final Map<String, String> objectNames;
    private final Map<String, String> objects = new HashMap<>();
    private final List<Phrase> phrases;
    private final Pattern anyPhrase;
    private final Description description;

    Skin(String name, long seed, Map<String, String> objectNames, List<Phrase> phrases, Description description) {
        this.name = name;
        this.seed = seed;
        this.objectNames = objectNames;
        objectNames.forEach((object, said) -> objects.put(said, object));
        this.phrases = phrases;
        this.description = description;
        anyPhrase = Pattern.compile(
                phrases.stream().map(phrase -> "(" + phrase.regex() + ")").collect(Collectors.joining("|")),
                Pattern.CASE_INSENSITIVE);
    }

    /// What the domain is, at the head of a prompt.
    ///
    /// @param timed the same with the time that each action takes
    record Description(String plain, String timed) {}

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
        return timed ? description.timed : description.plain;
    }

    /// The fact in words.
    public String say(Fact fact) {
        return say(fact.predicate(), false, fact.arguments());
    }

    /// The step in words.
    public String say(Step step) {
        return say(step.operator(), true, step.arguments());
    }

    /// The step that these words are, whatever their case.
    public Optional<Step> step(String words) {
        return whole(words)
                .filter(found -> found.phrase.step())
                .map(found -> new Step(found.phrase.symbol(), found.objects));
    }

    /// The fact that these words are, whatever their case.
    public Optional<Fact> fact(String words) {
        return whole(words)
                .filter(found -> !found.phrase.step())
                .map(found -> new Fact(found.phrase.symbol(), found.objects));
    }

    /// A text of this skin in the words of another skin of the same domain.
    public String rename(String text, Skin other) {
        for (boolean timed : new boolean[] {true, false}) {
            String own = description(timed);
            int start = text.indexOf(own);
            if (start >= 0) {
                return rename(text.substring(0, start), other)
                        + other.description(timed)
                        + rename(text.substring(start + own.length()), other);
            }
        }
        return anyPhrase.matcher(text).replaceAll(match -> Matcher.quoteReplacement(other.say(found(match))));
    }

    private String say(Found found) {
        return say(found.phrase.symbol(), found.phrase.step(), found.objects);
    }

    private String say(String symbol, boolean step, List<String> arguments) {
        Phrase phrase = phrases.stream()
                .filter(candidate ->
                        candidate.step() == step && candidate.symbol().equals(symbol))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "skin " + name + ": expected one of the domain's symbols, got " + symbol));
        return phrase.say(
                arguments.stream().map(object -> known(objectNames, object)).toList());
    }

    private Optional<Found> whole(String words) {
        Matcher matcher = anyPhrase.matcher(words.strip());
        return matcher.matches() ? Optional.of(found(matcher.toMatchResult())) : Optional.empty();
    }

    private Found found(MatchResult match) {
        int group = 1;
        for (Phrase phrase : phrases) {
            if (match.group(group) != null) {
                List<String> arguments = new ArrayList<>();
                for (String said : phrase.names(match, group)) {
                    arguments.add(known(objects, said.toLowerCase(Locale.ROOT)));
                }
                return new Found(phrase, List.copyOf(arguments));
            }
            group += 1 + phrase.slots().size();
        }
        throw new IllegalStateException("skin " + name + ": a match of no phrase: " + match.group());
    }

    private static String known(Map<String, String> names, String object) {
        String known = names.get(object);
        if (known == null) {
            throw new IllegalArgumentException("expected an object of the domain, got " + object);
        }
        return known;
    }

    private record Found(Phrase phrase, List<String> objects) {}
}
