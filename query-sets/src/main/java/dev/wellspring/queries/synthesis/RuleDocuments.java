package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The rule of column addition: stated, or executed on numbers of a given length.
final class RuleDocuments implements DocumentFamily {
    private static final int MAX_DIGITS = 9;

    private static final List<String> RULES = List.of("""
            def add(num1, num2):
                result = []
                carry = 0
                while num1 or num2:
                    digit1 = num1.pop() if num1 else 0
                    digit2 = num2.pop() if num2 else 0
                    total = digit1 + digit2 + carry
                    result.insert(0, total % 10)
                    carry = total // 10
                if carry:
                    result.insert(0, carry)
                return result
            """, """
            To add two numbers, write one below the other with their last digits in line. Start at the right. Add the \
            two digits and the carry; write down the last digit of the total; carry the rest. Go one place to the \
            left, until no digits are left. If there is a carry at the end, write it in front.
            """, """
            Rule of addition.
            1. Let the carry be 0.
            2. Take the last digit of each number, 0 where there is none.
            3. Add both digits and the carry. Its last digit is the next digit of the result, from the right.
            4. The new carry is 1 if the total was 10 or more, else 0.
            5. Repeat from 2 until both numbers are used up, then put a remaining carry in front.
            """);

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put(Role.RULE_TEXT.label(), 100);
        counts.put(Role.RULE_TRACE.label(), 900);
        return new FamilyDescription(
                "The rule of addition as text or code, and the same rule executed digit by digit in a compact trace.",
                "Hu et al. 2024, arXiv 2402.17709, rule-following fine-tuning",
                List.of(
                        Parameter.of("min-digits", 1, "shortest operands, 1 to " + MAX_DIGITS),
                        Parameter.of("max-digits", 5, "longest operands, 1 to " + MAX_DIGITS),
                        Parameter.of("text-percent", 10, "documents that only state the rule, 0 to 100")),
                counts);
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        int max = parameters.integer("max-digits", 1, MAX_DIGITS);
        return new Rules(
                seed, parameters.integer("min-digits", 1, max), max, parameters.integer("text-percent", 0, 100));
    }

    /// The rule executed, about 20 characters a digit: the column, its sum, what is written and what is carried.
    static String trace(int a, int b) {
        var trace = new StringBuilder().append(a).append('+').append(b).append("=\n");
        String result = "";
        int carry = 0;
        for (Digits.Step step : Digits.steps(a, b, 10)) {
            carry = step.next(10);
            result = step.digit(10) + result;
            trace.append('[').append(step.position() + 1).append("] ");
            trace.append(step.a()).append('+').append(step.b()).append('+').append(step.carry());
            trace.append('=').append(step.a() + step.b() + step.carry());
            trace.append(" r=").append(result).append(" c=").append(carry).append('\n');
        }
        return trace.append("[end] c=").append(carry).append('\n').append(a + b).toString();
    }

    private record Rules(long seed, int min, int max, int textPercent) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            RandomGenerator random = Draws.at(seed, index);
            if (Draws.repeated(seed, index, 100) < textPercent) {
                int which = random.nextInt(RULES.size());
                String text = RULES.get(which).strip();
                return LabelledDocument.of("rules", index, "addition", Role.RULE_TEXT, "rule-" + which, text);
            }
            int a = number(random);
            int b = number(random);
            Map<String, Integer> coordinates = new LinkedHashMap<>();
            coordinates.put("a", a);
            coordinates.put("b", b);
            coordinates.put(
                    "length",
                    Math.max(Digits.text(a, 10).length(), Digits.text(b, 10).length()));
            return LabelledDocument.of("rules", index, "addition", Role.RULE_TRACE, "trace", trace(a, b))
                    .withFormat("compact-rule")
                    .withCoordinates(coordinates)
                    .withDigits(Digits.features(a, b, 10))
                    .withAnswers(Integer.toString(a + b));
        }

        private int number(RandomGenerator random) {
            int digits = random.nextInt(min, max + 1);
            int low = digits == 1 ? 0 : power(digits - 1);
            return random.nextInt(low, power(digits));
        }

        private static int power(int exponent) {
            int power = 1;
            for (int i = 0; i < exponent; i++) {
                power *= 10;
            }
            return power;
        }
    }
}
