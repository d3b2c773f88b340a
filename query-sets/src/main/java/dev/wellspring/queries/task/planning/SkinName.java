package dev.wellspring.queries.task.planning;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Which words problems are told in.
public enum SkinName {
    /// Blocks and trucks as everyone calls them.
    PLAIN("plain"),
    /// Common words that mean something else.
    MYSTERY("mystery"),
    /// Strings of sixteen random letters and digits, the same in the whole set.
    RANDOM_PER_CORPUS("random-per-corpus"),
    /// Such strings drawn anew for every problem, so that only its prompt says what they mean.
    RANDOM_PER_INSTANCE("random-per-instance");

    private final String text;

    SkinName(String text) {
        this.text = text;
    }

    /// The name in files and parameters.
    public String text() {
        return text;
    }

    /// What random words are drawn with, for one problem of a set made from a seed; 0 where none are.
    ///
    /// @param problem its number, or whatever sets it apart
    public long seed(long seed, long problem) {
        return switch (this) {
            case PLAIN, MYSTERY -> 0;
            case RANDOM_PER_CORPUS -> seed;
            case RANDOM_PER_INSTANCE -> new SplittableRandom(seed ^ problem * 0x9E3779B97F4A7C15L).nextLong();
        };
    }

    /// The skin of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static SkinName of(String text) {
        return Arrays.stream(values())
                .filter(name -> name.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected the name of a skin, got " + text));
    }
}
