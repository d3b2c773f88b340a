package dev.wellspring.queries.synthesis.prose;

import java.util.random.RandomGenerator;

/// Sentences to put around others.
public final class Prose {
    private Prose() {}

    /// A number of sentences of a story.
    public static String paragraph(int sentences, RandomGenerator random) {
        return Register.STORY.text(sentences, random);
    }
}
