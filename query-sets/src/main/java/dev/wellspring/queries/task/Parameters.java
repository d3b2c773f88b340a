package dev.wellspring.queries.task;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A value for every parameter of a family, in the family's order. Made by [FamilyDescription#parameters].
public record Parameters(Map<String, String> values) {
    /// Copies the values, keeping their order.
    public Parameters {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// The value as it was given.
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("parameter " + name + ": expected one of " + values.keySet());
        }
        return value;
    }

    /// The value as a whole number.
    ///
    /// @throws CorpusException if it is none, or outside the range
    public int integer(String name, int min, int max) {
        String value = text(name);
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw outside(name, min, max, value);
        }
        if (number < min || number > max) {
            throw outside(name, min, max, value);
        }
        return number;
    }

    /// Whether the value is `true`.
    ///
    /// @throws CorpusException if it is neither `true` nor `false`
    public boolean flag(String name) {
        return switch (text(name)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw CorpusException.at(
                        "parameter " + name, "true or false", "\"" + text(name) + "\"", "choose one of them");
        };
    }

    private static CorpusException outside(String name, int min, int max, String value) {
        return CorpusException.at(
                "parameter " + name,
                "a whole number from " + min + " to " + max,
                "\"" + value + "\"",
                "choose one in the range");
    }
}
