package dev.wellspring.queries.token;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Counts the documents that were skipped, by reason, and remembers where the first of them stand.
public final class Tally {
    private static final int REMEMBERED = 5;

    private final Map<SkipReason, Skipped> skipped = new EnumMap<>(SkipReason.class);

    /// The documents of one reason.
    ///
    /// @param count how many
    /// @param first `file:line` of the first five
    public record Skipped(long count, List<String> first) {
        private Skipped plus(String origin) {
            if (first.size() == REMEMBERED) {
                return new Skipped(count + 1, first);
            }
            List<String> more = new ArrayList<>(first);
            more.add(origin);
            return new Skipped(count + 1, List.copyOf(more));
        }
    }

    void add(SkipReason reason, String origin) {
        skipped.put(
                reason, skipped.getOrDefault(reason, new Skipped(0, List.of())).plus(origin));
    }

    /// What was skipped so far; reasons that did not occur are not in it.
    public Map<SkipReason, Skipped> skipped() {
        return Map.copyOf(skipped);
    }

    /// How many documents were skipped so far.
    public long total() {
        return skipped.values().stream().mapToLong(Skipped::count).sum();
    }

    /// One line for people: `3 documents skipped: 2 empty (a.jsonl:3, a.jsonl:9), 1 of one token (b.jsonl:1)`.
    public String summary() {
        if (skipped.isEmpty()) {
            return "no documents skipped";
        }
        return skipped.entrySet().stream()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(
                        ", ", total() + (total() == 1 ? " document skipped: " : " documents skipped: "), ""));
    }

    private static String describe(SkipReason reason, Skipped skipped) {
        String more = skipped.count() > skipped.first().size() ? ", …" : "";
        return "%d %s (%s%s)".formatted(skipped.count(), reason.text(), String.join(", ", skipped.first()), more);
    }
}
