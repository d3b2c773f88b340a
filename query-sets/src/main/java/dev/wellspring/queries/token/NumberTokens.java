package dev.wellspring.queries.token;

/// How a trained tokenizer cuts numbers: a variable of an experiment, as models that see whole numbers and
/// models that see digits fail in different places.
public enum NumberTokens {
    /// Like any other text: digits that often stand together become one token.
    TEXT("(?!)"),
    /// A token for each whole number up to a largest one; longer runs of digits are cut into digits.
    WHOLE("[0-9]+"),
    /// A token for each digit.
    DIGITS("[0-9]");

    private final String isolated;

    NumberTokens(String isolated) {
        this.isolated = isolated;
    }

    /// What is cut out before anything else, as a regular expression; it matches nothing for [#TEXT].
    String isolated() {
        return isolated;
    }
}
