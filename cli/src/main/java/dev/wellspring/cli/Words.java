package dev.wellspring.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads one of a few words, which are the constants' names in lower case with hyphens, and names them all when it is
/// another.
///
/// @param values what the option offers
record Words<E extends Enum<E>>(List<E> values) implements ITypeConverter<E> {
    @Override
    public E convert(String text) {
        return values.stream()
                .filter(value -> word(value).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected "
                        + values.stream().map(Words::word).collect(Collectors.joining(", ")) + ", got '" + text + "'"));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
