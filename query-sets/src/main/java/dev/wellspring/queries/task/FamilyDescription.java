package dev.wellspring.queries.task;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a family says about itself.
///
/// @param purpose one or two sentences
/// @param source the paper and section it follows
/// @param parameters what can be chosen, with defaults
/// @param counts how many queries the defaults give, by part and in order, such as `train` and `test`
public record FamilyDescription(
        String purpose, String source, List<Parameter> parameters, Map<String, Integer> counts) {
    /// Copies the collections, keeping their order.
    public FamilyDescription {
        parameters = List.copyOf(parameters);
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /// How many queries the defaults give in all.
    public int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// The defaults with the given values in their place.
    ///
    /// @throws CorpusException if a name is none of the family's, or a value none of the choices
    public Parameters parameters(Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            values.put(parameter.name(), parameter.defaultValue());
        }
        given.forEach((name, value) -> {
            if (values.replace(name, value) == null) {
                throw CorpusException.at(
                        "parameter " + name, "one of " + names(), "\"" + name + "\"", "leave it out or correct it");
            }
        });
        for (Parameter parameter : parameters) {
            requireChoice(parameter, values);
        }
        return new Parameters(values);
    }

    private String names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }

    private static void requireChoice(Parameter parameter, Map<String, String> values) {
        String value = values.get(parameter.name());
        if (!parameter.choices().isEmpty() && !parameter.choices().contains(value)) {
            throw CorpusException.at(
                    "parameter " + parameter.name(),
                    String.join(" or ", parameter.choices()),
                    "\"" + value + "\"",
                    "choose one of them");
        }
    }
}
