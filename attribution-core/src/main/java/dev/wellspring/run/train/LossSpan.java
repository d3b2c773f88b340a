package dev.wellspring.run.train;

import java.util.Locale;

/// Which predictions of a document a model is trained on.
public enum LossSpan {
    /// All of a text; of a prompt with a completion, those of the completion.
    COMPLETION,
    /// All, those of prompts too.
    WHOLE;

    /// As options and manifests write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
