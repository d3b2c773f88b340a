package dev.wellspring.queries.synthesis;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// The procedures behind the reasoning tasks. Operands are larger than any that the queries of the task have:
/// above 20 for two-step arithmetic, above 100 for the others.
enum Procedure {
    TWO_STEP_ARITHMETIC {
        @Override
        int[] draw(RandomGenerator random) {
            return new int[] {random.nextInt(21, 61), random.nextInt(21, 61), random.nextInt(21, 61)};
        }

        @Override
        String formula() {
            return "To work out a product with brackets such as (a + b) * c, add or subtract inside the brackets first,"
                    + " then multiply the result by c.";
        }

        @Override
        String example(int[] o) {
            int sum = o[0] + o[1];
            return "Calculate (" + o[0] + " + " + o[1] + ") * " + o[2] + ". First the brackets: " + o[0] + " + " + o[1]
                    + " = " + sum + ". Then the product: " + sum + " * " + o[2] + " = " + sum * o[2] + ".";
        }

        @Override
        String code(int[] o) {
            return "def two_step(a, b, c):\n    inner = a + b\n    return inner * c\n\nprint(two_step(" + list(o)
                    + "))  # " + (o[0] + o[1]) * o[2];
        }
    },
    SLOPE {
        @Override
        int[] draw(RandomGenerator random) {
            int run = random.nextInt(1, 8);
            int rise = run * random.nextInt(-9, 10);
            int x = random.nextInt(101, 200);
            int y = random.nextInt(200, 300);
            return new int[] {x, y, x + run, y + rise};
        }

        @Override
        String formula() {
            return "The slope of the line through two points is the difference in y over the difference in x:"
                    + " m = (y2 - y1) / (x2 - x1).";
        }

        @Override
        String example(int[] o) {
            int rise = o[3] - o[1];
            int run = o[2] - o[0];
            return "Find the slope of the line through (" + o[0] + ", " + o[1] + ") and (" + o[2] + ", " + o[3]
                    + "). The difference in y is " + o[3] + " - " + o[1] + " = " + rise + ". The difference in x is "
                    + o[2] + " - " + o[0] + " = " + run + ". The slope is " + rise + " / " + run + " = " + rise / run
                    + ".";
        }

        @Override
        String code(int[] o) {
            return "def slope(x1, y1, x2, y2):\n    return (y2 - y1) / (x2 - x1)\n\nprint(slope(" + list(o) + "))  # "
                    + (o[3] - o[1]) / (o[2] - o[0]);
        }
    },
    LINEAR_EQUATION {
        @Override
        int[] draw(RandomGenerator random) {
            int a = random.nextInt(101, 200);
            int b = random.nextInt(101, 200);
            return new int[] {a, b, a * random.nextInt(2, 30) + b};
        }

        @Override
        String formula() {
            return "To solve ax + b = c for x, subtract b from both sides and divide by a: x = (c - b) / a.";
        }

        @Override
        String example(int[] o) {
            int rest = o[2] - o[1];
            return "Solve " + o[0] + "x + " + o[1] + " = " + o[2] + ". Subtract " + o[1] + " from both sides: " + o[0]
                    + "x = " + rest + ". Divide by " + o[0] + ": x = " + rest + " / " + o[0] + " = " + rest / o[0]
                    + ".";
        }

        @Override
        String code(int[] o) {
            return "def solve(a, b, c):\n    return (c - b) / a\n\nprint(solve(" + list(o) + "))  # "
                    + (o[2] - o[1]) / o[0];
        }
    };

    /// The name of the queries' family.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The names of the operands, in order.
    List<String> operands() {
        return switch (this) {
            case SLOPE -> List.of("x1", "y1", "x2", "y2");
            case TWO_STEP_ARITHMETIC, LINEAR_EQUATION -> List.of("a", "b", "c");
        };
    }

    /// Operands with a whole-number answer.
    abstract int[] draw(RandomGenerator random);

    /// The procedure without numbers.
    abstract String formula();

    /// The procedure carried out.
    abstract String example(int[] o);

    /// The procedure as a program, with one call.
    abstract String code(int[] o);

    private static String list(int[] o) {
        var list = new StringBuilder();
        for (int operand : o) {
            list.append(list.isEmpty() ? "" : ", ").append(operand);
        }
        return list.toString();
    }
}
