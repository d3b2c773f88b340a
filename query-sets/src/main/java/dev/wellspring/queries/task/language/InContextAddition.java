package dev.wellspring.queries.task.language;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The same sum asked after 0 to 8 examples, similar or random ones, and with the examples' answers exchanged.
///
/// A similar example has three adjacent digits of both numbers replaced (Hu et al., 2402.17709, in-context
/// variant); no example shares a number or the sum with the question. More examples are the fewer ones and another.
public final class InContextAddition implements QueryFamily {
    private static final int EXAMPLES = 8;
    private static final int QUESTIONS = 10;
    private static final int REPLACED = 3;

    @Override
    public String name() {
        return "in-context-addition";
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "What examples in the prompt give, and whether it is their answers or their form that does.",
                "Lu et al., 2309.01809; examples as in Hu et al., 2402.17709",
                List.of(
                        Parameter.of("count", QUESTIONS, "questions, each asked in 31 ways"),
                        Parameter.of("digits", 5, "digits of each number, 4 to 8")),
                Map.of("questions", QUESTIONS * (1 + 4 * EXAMPLES - 2)));
    }

    /// By question: without examples; then similar before random, by number of examples, each from two examples on
    /// followed by its control.
    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        int digits = parameters.integer("digits", 4, 8);
        return IntStream.range(0, parameters.integer("count", 1, 1_000_000))
                .boxed()
                .flatMap(index -> question(index, digits, new SplittableRandom(seed ^ index * 0x9E3779B97F4A7C15L)));
    }

    private Stream<GeneratedQuery> question(int index, int digits, SplittableRandom random) {
        Sum asked = Sum.draw(digits, random);
        List<GeneratedQuery> queries = new ArrayList<>();
        queries.add(query(index, "none", asked, List.of(), false));
        for (String kind : List.of("similar", "random")) {
            List<Sum> examples = examples(asked, kind, digits, random);
            for (int k = 1; k <= EXAMPLES; k++) {
                queries.add(query(index, kind, asked, examples.subList(0, k), false));
                if (k > 1) {
                    queries.add(query(index, kind, asked, examples.subList(0, k), true));
                }
            }
        }
        return queries.stream();
    }

    private static List<Sum> examples(Sum asked, String kind, int digits, SplittableRandom random) {
        List<Sum> examples = new ArrayList<>();
        while (examples.size() < EXAMPLES) {
            Sum example = kind.equals("similar") ? asked.similar(digits, random) : Sum.draw(digits, random);
            if (!example.shares(asked) && examples.stream().noneMatch(example::shares)) {
                examples.add(example);
            }
        }
        return List.copyOf(examples);
    }

    private GeneratedQuery query(int index, String kind, Sum asked, List<Sum> examples, boolean scrambled) {
        String id = name() + "-" + index + "-" + kind + "-" + examples.size();
        StringBuilder prompt = new StringBuilder();
        for (int i = 0; i < examples.size(); i++) {
            Sum label = examples.get((i + (scrambled ? 1 : 0)) % examples.size());
            prompt.append(examples.get(i).question()).append(label.answer()).append("\n");
        }
        String completion = asked.answer();
        GeneratedQuery.Builder query = GeneratedQuery.of(
                        scrambled ? id + "-scrambled" : id, scrambled ? QueryKind.CONTROL : kind(), name())
                .prompt(prompt + asked.question())
                .completion(completion)
                .answers(completion)
                .targetSpan(new Span("answer", 0, completion.length()))
                .format(scrambled ? "scrambled" : "direct")
                .coordinate("question", index)
                .coordinate("examples", examples.size())
                .coordinate("a", asked.a)
                .coordinate("b", asked.b)
                .label("examples", kind);
        return (scrambled ? query.controlOf(id) : query).build();
    }

    /// By the first number of the answer, as a model may go on with more examples.
    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        String expected = query.answers().getFirst();
        List<String> numbers = AnswerText.numbers(answer);
        return numbers.isEmpty()
                ? Grade.unreadable("expected " + expected + ", found no number")
                : AnswerText.graded(expected, numbers.getFirst());
    }

    private record Sum(int a, int b) {
        static Sum draw(int digits, SplittableRandom random) {
            int low = power(digits - 1);
            return new Sum(low + random.nextInt(9 * low), low + random.nextInt(9 * low));
        }

        /// Other digits at three adjacent places below the first, the same places in both numbers.
        Sum similar(int digits, SplittableRandom random) {
            int place = power(random.nextInt(digits - REPLACED));
            int block = power(REPLACED);
            return new Sum(replace(a, place, random.nextInt(block)), replace(b, place, random.nextInt(block)));
        }

        private static int replace(int number, int place, int digits) {
            int block = power(REPLACED);
            return number - number / place % block * place + digits * place;
        }

        private static int power(int exponent) {
            return IntStream.range(0, exponent).reduce(1, (power, i) -> 10 * power);
        }

        boolean shares(Sum other) {
            return a == other.a || a == other.b || b == other.a || b == other.b || answer().equals(other.answer());
        }

        String question() {
            return "Directly generate the answer without solving steps. Int a: " + a + "; Int b: " + b
                    + ". The sum of a and b is: a+b=";
        }

        String answer() {
            return String.valueOf((long) a + b);
        }
    }
}
