package dev.wellspring.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// So much of something a second, as people write it: `790T`, `4.3T`, `67000G`. K, M, G, T and P are powers of
/// 1,000; no letter means ones.
///
/// @param perSecond above 0
public record Rate(double perSecond) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)([KMGTP]?)");

    public Rate {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("expected a rate above 0, got " + perSecond);
        }
    }

    /// Reads a rate.
    ///
    /// @throws IllegalArgumentException when the text is no rate, or one of 0
    public static Rate parse(String text) {
        Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a rate such as 790T or 4.3T, got '" + text + "'");
        }
        return new Rate(Double.parseDouble(form.group(1)) * unit(form.group(2)));
    }

    private static double unit(String letter) {
        return switch (letter) {
            case "K" -> 1e3;
            case "M" -> 1e6;
            case "G" -> 1e9;
            case "T" -> 1e12;
            case "P" -> 1e15;
            default -> 1;
        };
    }
}
