package dev.wellspring.queries.token;

/// Why a document predicts nothing.
public enum SkipReason {
    /// It has no text, or no ids.
    EMPTY("empty"),
    /// It is one token long, and nothing comes before that.
    ONE_TOKEN("of one token");

    private final String text;

    SkipReason(String text) {
        this.text = text;
    }

    /// The reason as it follows a count: `3 empty`.
    public String text() {
        return text;
    }
}
