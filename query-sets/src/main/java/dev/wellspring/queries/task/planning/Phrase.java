package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How one predicate or operator is said: words with a slot for each object. A slot may name what its objects'
/// names start with, where two phrases differ in nothing else: `load {0} into {1 truck} at {2}`.
///
/// @param words before, between and after the slots
/// @param slots the argument in each slot, in the order of the words
/// @param kinds what the name in each slot starts with, or nothing
record Phrase(String symbol, boolean step, List<String> words, List<Integer> slots, List<String> kinds) {
    private static final Pattern SLOT = Pattern.compile("\\{(\\d)(?: (\\w+))?}");

    static Phrase of(String symbol, boolean step, String template) {
        Matcher slot = SLOT.matcher(template);
        List<String> words = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        int end = 0;
        while (slot.find()) {
            words.add(template.substring(end, slot.start()));
            slots.add(Integer.parseInt(slot.group(1)));
            kinds.add(slot.group(2) == null ? "" : slot.group(2));
            end = slot.end();
        }
        words.add(template.substring(end));
        return new Phrase(symbol, step, List.copyOf(words), List.copyOf(slots), List.copyOf(kinds));
    }

    /// The words, with these object names in the slots.
    String say(List<String> names) {
        StringBuilder said = new StringBuilder(words.getFirst());
        for (int i = 0; i < slots.size(); i++) {
            said.append(names.get(slots.get(i))).append(words.get(i + 1));
        }
        return said.toString();
    }

    /// A pattern with one group for each slot.
    ///
    /// @param object from a slot's kind to a pattern of names
    String regex(UnaryOperator<String> object) {
        StringBuilder regex = new StringBuilder("\\b").append(Pattern.quote(words.getFirst()));
        for (int i = 0; i < slots.size(); i++) {
            regex.append('(').append(object.apply(kinds.get(i))).append(')').append(Pattern.quote(words.get(i + 1)));
        }
        return regex.append("\\b").toString();
    }

    /// The object names in a match whose groups for this phrase start after `group`, by argument.
    List<String> names(MatchResult match, int group) {
        List<String> names = new ArrayList<>(Collections.nCopies(slots.size(), ""));
        for (int i = 0; i < slots.size(); i++) {
            names.set(slots.get(i), match.group(group + 1 + i));
        }
        return names;
    }
}
