package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How one predicate or operator is said: words with a slot for each object. A slot may name what its objects'
/// names start with, where two phrases differ in nothing else: `load {0} into {1 truck} at {2}`.
///
/// @param slots the argument in each slot, in the order of the words
/// @param regex with one group for each slot
record Phrase(String symbol, boolean step, String template, List<Integer> slots, String regex) {
    private static final Pattern SLOT = Pattern.compile("\\{(\\d)(?: (\\w+))?}");

    static Phrase of(String symbol, boolean step, String template, Map<String, String> objectNames) {
        Matcher slot = SLOT.matcher(template);
        List<Integer> slots = new ArrayList<>();
        StringBuilder regex = new StringBuilder("\\b");
        int end = 0;
        while (slot.find()) {
            regex.append(Pattern.quote(template.substring(end, slot.start())));
            String prefix = slot.group(2) == null ? "" : slot.group(2);
            regex.append(objectNames.entrySet().stream()
                    .filter(name -> name.getKey().startsWith(prefix))
                    .map(name -> Pattern.quote(name.getValue()))
                    .collect(Collectors.joining("|", "(", ")")));
            slots.add(Integer.parseInt(slot.group(1)));
            end = slot.end();
        }
        regex.append(Pattern.quote(template.substring(end))).append("\\b");
        return new Phrase(symbol, step, template, List.copyOf(slots), regex.toString());
    }

    /// The words, with these object names in the slots.
    String say(List<String> names) {
        return SLOT.matcher(template)
                .replaceAll(slot -> Matcher.quoteReplacement(names.get(Integer.parseInt(slot.group(1)))));
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
