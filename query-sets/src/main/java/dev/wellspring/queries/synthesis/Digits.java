package dev.wellspring.queries.synthesis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Column addition of two numbers, digit by digit from the right.
public final class Digits {
    private static final List<String> PLACES = List.of("units", "tens", "hundreds");

    /// One column.
    ///
    /// @param position from 0 at the units
    /// @param a the digit of the first number, 0 where it has none
    /// @param b of the second
    /// @param carry brought in from the right, 0 or 1
    public record Step(int position, int a, int b, int carry) {
        /// The digit that is written down.
        public int digit(int base) {
            return (a + b + carry) % base;
        }

        /// What is carried on.
        public int next(int base) {
            return (a + b + carry) / base;
        }
    }

    private Digits() {}

    /// The columns of a + b, until both are used up; neither is negative.
    public static List<Step> steps(int a, int b, int base) {
        List<Step> steps = new ArrayList<>();
        int carry = 0;
        int left = a;
        int right = b;
        do {
            var step = new Step(steps.size(), left % base, right % base, carry);
            steps.add(step);
            carry = step.next(base);
            left /= base;
            right /= base;
        } while (left > 0 || right > 0);
        return steps;
    }

    /// The features that documents are labelled with: digit pairs of the first three places, and the carries.
    static Map<String, String> features(int a, int b, int base) {
        Map<String, String> features = new LinkedHashMap<>();
        int carries = 0;
        for (Step step : steps(a, b, base)) {
            if (step.position() < PLACES.size()) {
                features.put(PLACES.get(step.position()), step.a() + "+" + step.b());
            }
            carries += step.next(base);
        }
        features.put("carries", Integer.toString(carries));
        return features;
    }

    /// The published scratchpad: what is left of both numbers, the answer so far and the carry, one line per column,
    /// then the answer. Hu et al. 2024, arXiv 2402.17709.
    static String scratchpad(int a, int b, int base) {
        String left = text(a, base);
        String right = text(b, base);
        String sum = text(a + b, base);
        var pad = new StringBuilder();
        int carry = 0;
        for (int done = 0; done <= sum.length(); done++) {
            pad.append(prefix(left, done)).append('+').append(prefix(right, done));
            pad.append(',').append(sum, sum.length() - done, sum.length());
            pad.append(",C:").append(carry).append('\n');
            carry = (digit(left, done, base) + digit(right, done, base) + carry) / base;
        }
        return pad.append(sum).toString();
    }

    static String text(int number, int base) {
        return Integer.toString(number, base).toLowerCase(Locale.ROOT);
    }

    private static String prefix(String number, int dropped) {
        return number.substring(0, Math.max(0, number.length() - dropped));
    }

    private static int digit(String number, int position, int base) {
        int at = number.length() - 1 - position;
        return at < 0 ? 0 : Character.digit(number.charAt(at), base);
    }
}
