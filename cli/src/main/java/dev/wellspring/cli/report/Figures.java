package dev.wellspring.cli.report;

import dev.wellspring.validation.Interval;
import java.util.Locale;
import java.util.regex.Pattern;

/// Figures for people.
public final class Figures {
    /// What rounding makes of a small negative number.
    private static final Pattern NEGATIVE_ZERO = Pattern.compile("-0(\\.0*)?");

    private Figures() {}

    /// `0.12 (0.10, 0.14)`; without what is not known, and `-` where nothing is.
    ///
    /// @param format of each number, such as `%.2f`
    public static String interval(String format, Interval mean) {
        String estimate = number(format, mean.estimate());
        return Double.isNaN(mean.low())
                ? estimate
                : estimate + " (" + number(format, mean.low()) + ", " + number(format, mean.high()) + ")";
    }

    /// A number, or `-` for none.
    public static String number(String format, double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = String.format(Locale.ROOT, format, value);
        return NEGATIVE_ZERO.matcher(text).matches() ? text.substring(1) : text;
    }

    /// So many of something, such as `1 query` and `2,000 queries`.
    public static String count(long number, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : several);
    }
}
