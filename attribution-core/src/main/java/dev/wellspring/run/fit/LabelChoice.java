package dev.wellspring.run.fit;

import java.util.Locale;

/// Which labels the curvature is fitted with. Scores always use the documents' own.
public enum LabelChoice {
    /// Drawn from the model's own softmax: the true Fisher information.
    SAMPLED,
    /// The documents' own next tokens: the empirical Fisher.
    OWN;

    /// The word the option `--labels` knows it by.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
