package dev.wellspring.queries.task.language;

import java.util.List;

/// A question with its right option and the others.
record Item(String input, String right, List<String> wrong) {
    Item {
        wrong = List.copyOf(wrong);
    }

    static Item of(String input, String right, String... wrong) {
        return new Item(input, right, List.of(wrong));
    }

    static Item yesNo(String input, boolean yes) {
        return yes ? of(input, "yes", "no") : of(input, "no", "yes");
    }
}
