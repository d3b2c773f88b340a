package dev.wellspring.cli.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Many numbers in few characters, for the report's file; `data.js` reads them.
///
/// A digit is one of 89 characters: those from `!` to `~` but for `"`, `\`, `<`, `>` and `&`, which JSON or a page
/// would
/// have to escape.
final class PackedNumbers {
    private static final String DIGITS = IntStream.rangeClosed('!', '~')
            .filter(c -> "\"\\<>&".indexOf(c) < 0)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    private static final int BASE = DIGITS.length();
    /// The largest number of two digits is twice this.
    private static final int MOST = (BASE * BASE - 1) / 2;
    /// The largest of one.
    private static final int HALF = (BASE - 1) / 2;

    private PackedNumbers() {}

    /// Signed numbers: the largest size among them, a space, and two digits for each, which give its ratio to the
    /// largest to 1/7,920. What is not finite is taken for zero.
    static String signed(double[] values) {
        double largest = largest(values);
        var packed = new StringBuilder(Float.toString((float) largest)).append(' ');
        for (double value : values) {
            int digits = MOST + (int) Math.round(ratio(value, largest) * MOST);
            packed.append(DIGITS.charAt(digits / BASE)).append(DIGITS.charAt(digits % BASE));
        }
        return packed.toString();
    }

    /// The same in one digit each, to 1/44: enough for the shade of a word.
    static String coarse(double[] values) {
        double largest = largest(values);
        var packed = new StringBuilder(Float.toString((float) largest)).append(' ');
        for (double value : values) {
            packed.append(DIGITS.charAt(HALF + (int) Math.round(ratio(value, largest) * HALF)));
        }
        return packed.toString();
    }

    private static double largest(double[] values) {
        return Arrays.stream(values)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    private static double ratio(double value, double largest) {
        return largest == 0 || !Double.isFinite(value) ? 0 : value / largest;
    }

    /// The lengths of texts in UTF-16 code units: a digit each, or, from 88 on, so many last digits and one more.
    static String lengths(List<String> texts) {
        var packed = new StringBuilder();
        for (String text : texts) {
            int left = text.length();
            for (; left >= BASE - 1; left -= BASE - 1) {
                packed.append(DIGITS.charAt(BASE - 1));
            }
            packed.append(DIGITS.charAt(left));
        }
        return packed.toString();
    }
}
