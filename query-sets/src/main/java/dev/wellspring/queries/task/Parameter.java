package dev.wellspring.queries.task;

import java.util.List;

/// One thing that can be chosen when a family makes queries.
///
/// @param name as written in `--param name=value`
/// @param defaultValue what holds when it is not given
/// @param meaning a few words, with the unit
/// @param choices the only values allowed, or none if any is
public record Parameter(String name, String defaultValue, String meaning, List<String> choices) {
    /// Copies the choices.
    public Parameter {
        choices = List.copyOf(choices);
    }

    /// A parameter with any value.
    public static Parameter of(String name, Object defaultValue, String meaning) {
        return new Parameter(name, String.valueOf(defaultValue), meaning, List.of());
    }

    /// A parameter with a choice of values, the first being the default.
    public static Parameter choice(String name, String meaning, String... choices) {
        return new Parameter(name, choices[0], meaning, List.of(choices));
    }
}
