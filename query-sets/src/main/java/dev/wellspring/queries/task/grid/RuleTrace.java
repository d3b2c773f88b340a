package dev.wellspring.queries.task.grid;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A digit-by-digit adder as text, and the trace of following it: every line recited in a fence, then the variables
/// before and after it. The answer is the last `result=[…]`, and the list alone ends the trace.
///
/// @param base of the digits
public record RuleTrace(int base) {
    /// The rule. After instruction and question, those of two numbers of two digits, it ends at 785 characters.
    public String rule() {
        return """
                def sum_digit_by_digit(num1, num2):
                    # Initialize the result list and carry
                    result=[]
                    carry=0
                    # Loop through each digit
                    while num1 or num2:
                        # Get the current digits, defaulting to 0 if one number is shorter
                        digit1=num1.pop() if num1 else 0
                        digit2=num2.pop() if num2 else 0
                        # Calculate the sum of the current digits and the carry
                        total=digit1+digit2+carry
                        # Insert the last digit of total to the beginning of the result and update carry
                        result.insert(0,total%BASE)
                        carry=total//BASE
                    # If there's a remaining carry, insert it to the beginning of the result
                    if carry:
                        result.insert(0, carry)
                    # Return the result
                    return result""".replace("BASE", Integer.toString(base));
    }

    /// The trace of adding two numbers. It begins with a line end, as it goes on from the rule.
    public String full(long a, long b) {
        List<Integer> num1 = digits(a);
        List<Integer> num2 = digits(b);
        List<Integer> result = new ArrayList<>();
        int carry = 0;
        var trace = new StringBuilder("\nnum1=" + num1 + "\nnum2=" + num2);
        trace.append("\n1. Initialize Result and Carry\nresult=[]\ncarry=0\n\n2. Loop Through Each Digit");
        while (!num1.isEmpty() || !num2.isEmpty()) {
            check(trace, num1, num2);
            trace.append("\n2.2 one iteration");
            int digit1 = pop(trace, 1, num1);
            int digit2 = pop(trace, 2, num2);
            int total = digit1 + digit2 + carry;
            recite(trace, "total=digit1+digit2+carry");
            trace.append("\ntotal=digit1+digit2+carry=" + digit1 + "+" + digit2 + "+" + carry + "=" + total);
            recite(trace, "result.insert(0,total%" + base + ")");
            trace.append("\nresult=" + result);
            trace.append("\ntotal%" + base + "=" + total + "%" + base + "=" + total % base);
            result.addFirst(total % base);
            trace.append("\nresult=" + result);
            recite(trace, "carry=total//" + base);
            carry = total / base;
            trace.append("\ncarry=" + total + "//" + base + "=" + carry + "\n2.3 back to the start of the loop");
        }
        check(trace, num1, num2);
        end(trace, result, carry);
        return trace.toString();
    }

    /// The same steps with numbered lines: `L2` the loop's test, `L3` and `L4` the digits, `L5` the total, `L6` the
    /// result, `L7` the carry, `L8` the carry that is left, `L9` the answer.
    public String compact(long a, long b) {
        String left = written(a);
        String right = written(b);
        String result = "";
        int carry = 0;
        var trace = new StringBuilder("L1 r= c=0");
        while (!left.isEmpty() || !right.isEmpty()) {
            int digit1 = lastDigit(left);
            int digit2 = lastDigit(right);
            int total = digit1 + digit2 + carry;
            trace.append("\nL2 " + left + "|" + right + " go");
            trace.append("\nL3 " + digit1 + " L4 " + digit2);
            trace.append(" L5 " + digit1 + "+" + digit2 + "+" + carry + "=" + total);
            result = total % base + result;
            carry = total / base;
            trace.append(" L6 r=" + result + " L7 c=" + carry);
            left = withoutLast(left);
            right = withoutLast(right);
        }
        result = carry == 0 ? result : carry + result;
        return trace.append("\nL2 | end\nL8 c=" + carry + " r=" + result + "\nL9 " + result)
                .toString();
    }

    /// A number as the trace lists it: `[7, 2]`.
    public String list(long number) {
        return digits(number).toString();
    }

    private void check(StringBuilder trace, List<Integer> num1, List<Integer> num2) {
        boolean more = !num1.isEmpty() || !num2.isEmpty();
        recite(trace, "while num1 or num2:");
        trace.append("\n2.1 check the stop criterion\nnum1=" + num1 + "\nnum2=" + num2);
        trace.append("\nbool(num1)=" + bool(!num1.isEmpty()) + "\nbool(num2)=" + bool(!num2.isEmpty()));
        trace.append("\nnum1 or num2=" + bool(more) + (more ? "\nenter the loop" : "\nend the loop"));
    }

    private int pop(StringBuilder trace, int which, List<Integer> num) {
        String name = "num" + which;
        recite(trace, "digit" + which + "=" + name + ".pop() if " + name + " else 0");
        trace.append("\n" + name + "=" + num + "\nbool(" + name + ")=" + bool(!num.isEmpty()));
        int digit = 0;
        if (!num.isEmpty()) {
            digit = num.removeLast();
            trace.append("\n" + name + ".pop()");
        }
        trace.append("\n" + name + "=" + num + "\ndigit" + which + "=" + digit);
        return digit;
    }

    private static void end(StringBuilder trace, List<Integer> result, int carry) {
        trace.append("\n3. Check Remaining Carry");
        recite(trace, "if carry:\n    result.insert(0, carry)");
        trace.append("\nresult=" + result + "\ncarry=" + carry + "\nbool(carry)=" + bool(carry != 0));
        if (carry == 0) {
            trace.append("\npass");
        } else {
            result.addFirst(carry);
        }
        trace.append("\nresult=" + result + "\n4. Return Result");
        recite(trace, "return result");
        trace.append("\nresult=" + result + "\n\n" + result);
    }

    private static void recite(StringBuilder trace, String line) {
        trace.append("\n```\n" + line + "\n```");
    }

    private static String bool(boolean value) {
        return value ? "True" : "False";
    }

    private List<Integer> digits(long number) {
        return written(number).chars().mapToObj(c -> Character.digit(c, base)).collect(Collectors.toList());
    }

    private int lastDigit(String number) {
        return number.isEmpty() ? 0 : Character.digit(number.charAt(number.length() - 1), base);
    }

    private static String withoutLast(String number) {
        return number.isEmpty() ? number : number.substring(0, number.length() - 1);
    }

    private String written(long number) {
        return Long.toString(number, base);
    }
}
