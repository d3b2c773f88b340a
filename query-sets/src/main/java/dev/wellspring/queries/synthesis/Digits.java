package dev.wellspring.queries.synthesis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    public static List<Step> steps(long a, long b, int base) {
        List<Step> steps = new ArrayList<>();
        int carry = 0;
        long left = a;
        long right = b;
        do {
            var step = new Step(steps.size(), (int) (left % base), (int) (right % base), carry);
            steps.add(step);
            carry = step.next(base);
            left /= base;
            right /= base;
        } while (left > 0 || right > 0);
        return steps;
    }

    /// The features that documents are labelled with: digit pairs of the first three places, and the carries.
    static Map<String, String> features(long a, long b, int base) {
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
}
