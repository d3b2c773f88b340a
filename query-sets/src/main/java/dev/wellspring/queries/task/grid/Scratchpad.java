package dev.wellspring.queries.task.grid;

import java.util.ArrayList;
import java.util.List;

/// Addition and subtraction digit by digit, from the right. Each line holds what is left of both operands, the answer
/// so far, and the carry; there is one more line than the result has digits, and the result ends it:
///
/// ```
/// 59+13,,C:0
/// 5+1,2,C:1
/// +,72,C:0
/// 72
/// ```
///
/// @param base that everything but the carry is written in
public record Scratchpad(int base) {
    /// a + b, written out.
    public String sum(long a, long b) {
        String result = written(a + b);
        List<String> lines = lines(written(a), written(b), '+', result.length());
        lines.add(result);
        return String.join("\n", lines);
    }

    /// a + b as examples in a prompt have it: with what is added as a comment after each line, and without the result
    /// alone on the last.
    public String commentedSum(long a, long b) {
        String left = written(a);
        String right = written(b);
        List<String> lines = lines(left, right, '+', written(a + b).length());
        var text = new StringBuilder(lines.getFirst());
        int carry = 0;
        for (int i = 0; i < lines.size() - 1; i++) {
            int total = digitFromRight(left, i) + digitFromRight(right, i) + carry;
            text.append("\n# added " + digitFromRight(left, i) + "+" + digitFromRight(right, i) + "+" + carry);
            text.append("=" + total % base + "\n" + lines.get(i + 1));
            carry = total / base;
        }
        return text.toString();
    }

    /// (a + b) mod m for operands below m: the sum, a comparison, and where it is needed a subtraction.
    public String modularSum(long a, long b, long m) {
        String plain = sum(a, b);
        String sum = written(a + b);
        if (a + b < m) {
            return plain + "\n" + sum + "<" + written(m) + "\n" + sum;
        }
        List<String> lines = new ArrayList<>(List.of(plain, sum + ">=" + written(m), sum + "-" + written(m) + "="));
        lines.addAll(
                lines(sum, written(m), '-', Math.max(sum.length(), written(m).length())));
        lines.add(written(a + b - m));
        return String.join("\n", lines);
    }

    /// The state before each digit and after the last.
    private List<String> lines(String left, String right, char operator, int digits) {
        List<String> lines = new ArrayList<>();
        int sign = operator == '+' ? 1 : -1;
        String answer = "";
        int carry = 0;
        for (int i = 0; i <= digits; i++) {
            lines.add(withoutLast(left, i) + operator + withoutLast(right, i) + "," + answer + ",C:" + carry);
            int total = digitFromRight(left, i) + sign * digitFromRight(right, i) + carry;
            answer = Character.forDigit(Math.floorMod(total, base), base) + answer;
            carry = Math.floorDiv(total, base);
        }
        return lines;
    }

    private int digitFromRight(String number, int i) {
        return i < number.length() ? Character.digit(number.charAt(number.length() - 1 - i), base) : 0;
    }

    private static String withoutLast(String number, int count) {
        return number.substring(0, Math.max(0, number.length() - count));
    }

    private String written(long number) {
        return Long.toString(number, base);
    }
}
