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

/// Understands texts told in a skin.
public final class SkinReader {
    private final Skin skin;
    private final Map<String, String> objects = new HashMap<>();
    private final Pattern anyPhrase;

    SkinReader(Skin skin) {
        this.skin = skin;
        skin.objects().forEach((object, said) -> objects.put(said, object));
        anyPhrase = Pattern.compile(
                skin.phrases().stream()
                        .map(phrase -> "(" + phrase.regex(kind -> kind + skin.objectPattern()) + ")")
                        .collect(Collectors.joining("|")),
                Pattern.CASE_INSENSITIVE);
    }

    /// The step that these words are, whatever their case.
    public Optional<Step> step(String words) {
        return whole(words).flatMap(Found::step);
    }

    /// The fact that these words are, whatever their case.
    public Optional<Fact> fact(String words) {
        return whole(words).flatMap(Found::fact);
    }

    /// The steps in a text, in its order, among whatever other words.
    public List<Step> steps(String text) {
        return found(text).stream().flatMap(found -> found.step().stream()).toList();
    }

    /// The facts in a text, in its order, among whatever other words.
    public List<Fact> facts(String text) {
        return found(text).stream().flatMap(found -> found.fact().stream()).toList();
    }

    /// The phrases in a text, in its order.
    List<Found> found(String text) {
        return anyPhrase
                .matcher(text)
                .results()
                .flatMap(match -> found(match).stream())
                .toList();
    }

    private Optional<Found> whole(String words) {
        Matcher matcher = anyPhrase.matcher(words.strip());
        return matcher.matches() ? found(matcher.toMatchResult()) : Optional.empty();
    }

    /// What a match says; nothing if an object is none of the domain's.
    private Optional<Found> found(MatchResult match) {
        int group = 1;
        for (Phrase phrase : skin.phrases()) {
            if (match.group(group) != null) {
                List<String> arguments = new ArrayList<>();
                for (String said : phrase.names(match, group)) {
                    String object = objects.get(said.toLowerCase(Locale.ROOT));
                    if (object == null) {
                        return Optional.empty();
                    }
                    arguments.add(object);
                }
                return Optional.of(new Found(phrase, List.copyOf(arguments), match.start(), match.end()));
            }
            group += 1 + phrase.slots().size();
        }
        throw new IllegalStateException("skin " + skin.name() + ": a match of no phrase: " + match.group());
    }

    /// A phrase in a text.
    record Found(Phrase phrase, List<String> arguments, int start, int end) {
        Optional<Step> step() {
            return phrase.step() ? Optional.of(new Step(phrase.symbol(), arguments)) : Optional.empty();
        }

        Optional<Fact> fact() {
            return phrase.step() ? Optional.empty() : Optional.of(new Fact(phrase.symbol(), arguments));
        }

        String say(Skin skin) {
            return step().map(skin::say).or(() -> fact().map(skin::say)).orElseThrow();
        }
    }
}
