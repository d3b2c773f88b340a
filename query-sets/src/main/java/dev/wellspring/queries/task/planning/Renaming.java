package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.planning.SkinReader.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Tells texts of one skin in the words of another skin of the same domain: the description as a whole, all else phrase
/// by phrase, and nothing moves. Where only one of the two says of what kind an object is, those facts are left out of
/// whole states or put in. Renaming back restores the text.
public final class Renaming {
    private final Skin skin;
    private final Skin other;
    private final SkinReader reader;
    private final List<String> descriptions;
    private final List<String> otherDescriptions;
    private final Set<String> kinds;
    private final Set<String> changing;

    /// From a skin to another.
    public Renaming(Skin skin, Skin other) {
        this.skin = skin;
        this.other = other;
        reader = skin.reader();
        descriptions = List.of(skin.description(true), skin.description(false));
        otherDescriptions = List.of(other.description(true), other.description(false));
        kinds = Set.copyOf(skin.domain().kinds().values());
        changing = skin.domain().changing();
    }

    /// The text in the words of the other skin.
    public String of(String text) {
        for (int i = 0; i < descriptions.size(); i++) {
            String own = descriptions.get(i);
            int start = text.indexOf(own);
            if (start >= 0) {
                return of(text.substring(0, start))
                        + otherDescriptions.get(i)
                        + of(text.substring(start + own.length()));
            }
        }
        StringBuilder renamed = new StringBuilder();
        List<Found> phrases = reader.found(text);
        int end = 0;
        for (int i = 0; i < phrases.size(); ) {
            int next = i + 1;
            while (next < phrases.size() && isList(text, phrases.get(next - 1), phrases.get(next))) {
                next++;
            }
            renamed.append(text, end, phrases.get(i).start()).append(list(text, phrases.subList(i, next)));
            end = phrases.get(next - 1).end();
            i = next;
        }
        return renamed.append(text.substring(end)).toString();
    }

    private static boolean isList(String text, Found phrase, Found next) {
        String between = text.substring(phrase.end(), next.start());
        return between.equals(", ") || between.equals(" and ");
    }

    /// One list of phrases. If it tells a fact that never changes, it is a whole state.
    private String list(String text, List<Found> list) {
        List<Fact> told = list.stream()
                .flatMap(found -> found.fact().stream())
                .filter(fact -> !kinds.contains(fact.predicate()))
                .toList();
        if (!told.stream().allMatch(fact -> changing.contains(fact.predicate()))) {
            Set<String> mentioned = new TreeSet<>();
            told.forEach(fact -> mentioned.addAll(fact.arguments()));
            List<Fact> state = new ArrayList<>(told);
            state.addAll(skin.domain().kindsOf(mentioned));
            return other.list(new State(state).facts());
        }
        StringBuilder said = new StringBuilder();
        int end = list.getFirst().start();
        for (Found found : list) {
            said.append(text, end, found.start()).append(found.say(other));
            end = found.end();
        }
        return said.toString();
    }
}
