package dev.wellspring.queries.synthesis.prose;

import java.util.List;

/// Recipes: a title, what to take, what to do.
final class Cookery {
    private static final List<String> DISHES = List.of(
            "soup", "stew", "pie", "tart", "salad", "jam", "chutney", "pudding", "bread", "broth", "sauce", "crumble");
    private static final List<String> MEASURES = List.of(
            "a cup of",
            "a spoonful of",
            "a pinch of",
            "a little",
            "plenty of",
            "half a pound of",
            "a jug of",
            "as much as you like of");
    private static final List<String> LINKS = List.of("then", "next", "meanwhile", "after an hour", "while it is warm");
    private static final List<String> SERVING = List.of("serve", "eat", "bring", "try", "share");

    private Cookery() {}

    static void write(Draft draft, int sentences) {
        Lexicon words = draft.words();
        Noun main = draft.one(words.food());
        Noun second = draft.one(words.food());
        int start = draft.length();
        draft.add(main.one()).add(draft.one(DISHES)).capital(start);
        draft.line("\n\n");
        draft.add("Take").amount();
        draft.add(main.many())
                .mark(",")
                .quality(words.foodQualities(), 50)
                .add(second.many())
                .mark(",");
        draft.add(draft.one(MEASURES)).add(draft.one(words.ingredients())).add("and");
        draft.add(draft.one(MEASURES)).add(draft.one(words.ingredients())).mark(".");
        for (int sentence = 2; sentence < sentences; sentence++) {
            int next = draft.length();
            step(draft, draft.random().nextBoolean() ? main : second);
            Sentences.end(draft, next);
        }
        int last = draft.length();
        draft.add(draft.one(SERVING)).add("it").add("with").quality(words.foodQualities(), 70);
        draft.add(draft.one(words.food()).many());
        Sentences.end(draft, last);
    }

    private static void step(Draft draft, Noun what) {
        Lexicon words = draft.words();
        if (draft.chance(40)) {
            draft.add(draft.one(LINKS)).mark(",");
        }
        draft.add(draft.one(words.prepare()).base()).add("the").add(what.many());
        switch (draft.random().nextInt(4)) {
            case 0 -> draft.add("and").add(draft.one(words.prepare()).base()).add("them");
            case 1 -> draft.add("with").add(draft.one(MEASURES)).add(draft.one(words.ingredients()));
            case 2 ->
                draft.add("until they are")
                        .add(draft.one(words.foodQualities()))
                        .add("and")
                        .add(draft.one(words.foodQualities()));
            default ->
                draft.add("in the")
                        .add(draft.one(List.of("oven", "saucepan", "frying pan", "bowl", "pot", "basin")))
                        .add("for")
                        .add(draft.one(List.of("an hour", "half an hour", "a few minutes", "a whole day")));
        }
    }
}
