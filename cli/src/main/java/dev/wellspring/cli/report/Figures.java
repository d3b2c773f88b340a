package dev.wellspring.cli.report;

import dev.wellspring.validation.Interval;
import java.util.Locale;

/// Figures for people.
public final class Figures {
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
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
