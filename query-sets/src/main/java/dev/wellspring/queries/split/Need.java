package dev.wellspring.queries.split;

import java.util.function.Predicate;

/// What an item must have for a rule to have a say about it.
///
/// @param words for messages
/// @param isMet whether an item has it
public record Need(String words, Predicate<Item> isMet) {
    static final Need NOTHING = new Need("nothing", item -> true);
    static final Need CELL = new Need(
            "coordinates a and b, and a grid task such as addition (--task names one)", item -> item.cell() != null);
    static final Need SUM =
            new Need("coordinates a and b, and a task of addition (--task names one)", item -> item.sum() != null);
    static final Need LENGTH =
            new Need("a coordinate length or digits, or a and b of a grid task", item -> item.length() != null);
    static final Need PAIR = new Need(
            "coordinates start and goal",
            item -> item.coordinates().containsKey("start")
                    && item.coordinates().containsKey("goal"));
    static final Need SKIN = new Need("a skin", item -> item.skin() != null);
    static final Need TEMPLATE = new Need("a template", item -> item.template() != null);
    static final Need FACT =
            new Need("a coordinate fact, or a label subject as factual queries have", item -> item.fact() != null);
}
