package dev.wellspring.run.score;

import dev.wellspring.influence.QueryBlock;

/// The rank that query gradients are compressed to.
public sealed interface RankChoice {
    /// Full where the query block fits into memory, else [#DEFAULT].
    record Automatic() implements RankChoice {}

    /// No compression.
    record Full() implements RankChoice {}

    /// @param rank at least 1
    record Rank(int rank) implements RankChoice {
        public Rank {
            if (rank < 1) {
                throw new IllegalArgumentException("--rank: expected at least 1 or full, got " + rank);
            }
        }
    }

    /// What Ruis et al. and Grosse et al. use.
    int DEFAULT = 32;

    /// Reads `auto`, `full` or a number.
    ///
    /// @throws IllegalArgumentException when the text is none of them
    static RankChoice parse(String text) {
        return switch (text) {
            case "auto" -> new Automatic();
            case "full" -> new Full();
            default -> {
                try {
                    yield new Rank(Integer.parseInt(text));
                } catch (NumberFormatException notANumber) {
                    throw new IllegalArgumentException(
                            "--rank: expected auto, full or a number, got \"" + text + "\"", notANumber);
                }
            }
        };
    }

    /// The rank that a manifest's word stands for.
    static int rank(String word) {
        return word.equals("full") ? QueryBlock.FULL : Integer.parseInt(word);
    }

    /// The word for a rank in a manifest.
    static String word(int rank) {
        return rank == QueryBlock.FULL ? "full" : Integer.toString(rank);
    }
}
