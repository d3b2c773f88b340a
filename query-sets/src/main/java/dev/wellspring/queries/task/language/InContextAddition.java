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
import dev.wellspring.queries.task.grid.AnswerFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The same sum asked after 0 to 8 examples, similar or random ones, and with the examples' solutions exchanged; or
/// after five of each, and with every part of either five left out.
///
/// A similar example has three adjacent digits of both numbers replaced, a random one could not be one (Hu et al.,
/// 2402.17709, in-context variant); no example shares a number or the sum with the question or another example. More
/// examples are the fewer ones and another.
public final class InContextAddition implements QueryFamily {
    private static final int EXAMPLES = 8;
    private static final int GROUP = 5;
    private static final int QUESTIONS = 10;
    private static final List<AnswerFormat> FORMATS = List.of(AnswerFormat.values());
    private static final Pattern CONCLUSION = Pattern.compile("(?i)the answer is\\D{0,3}([0-9][0-9,]*)");

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
                "Lu et al., 2309.01809; examples and prompts as in Hu et al., 2402.17709",
                List.of(
                        Parameter.choice(
                                "format",
                                "of examples and answer",
                                FORMATS.stream().map(AnswerFormat::text).toArray(String[]::new)),
                        Parameter.of("count", QUESTIONS, "questions, each asked in 31 ways, or in 65"),
                        Parameter.of("digits", 5, "digits of each number, 4 to 8"),
                        Parameter.choice("base", "that numbers are written in, which no prompt says", "10", "9"),
                        Parameter.choice(
                                "examples",
                                "0 to 8 of a kind, or 5 similar and 5 random shuffled, whole and with parts left out",
                                "growing",
                                "five-and-five")),
                Map.of("questions", QUESTIONS * (1 + 4 * EXAMPLES - 2)));
    }

    /// By question: without examples; then similar before random, by number of examples, each from two examples on
    /// followed by its control. Or without examples; with ten; their control; and by what is left out.
    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        AnswerFormat format = AnswerFormat.of(parameters.text("format"), FORMATS);
        int digits = parameters.integer("digits", 4, 8);
        int base = Integer.parseInt(parameters.text("base"));
        boolean growing = parameters.text("examples").equals("growing");
        return IntStream.range(0, parameters.integer("count", 1, 1_000_000))
                .boxed()
                .flatMap(index -> {
                    var random = new SplittableRandom(seed ^ index * 0x9E3779B97F4A7C15L);
                    var question = new Question(index, ShownSum.draw(digits, base, format, random));
                    return growing ? growing(question, random) : fiveAndFive(question, random);
                });
    }

    private Stream<GeneratedQuery> growing(Question question, SplittableRandom random) {
        List<GeneratedQuery> queries = new ArrayList<>();
        queries.add(question.after("none", List.of()).build());
        for (String kind : List.of("similar", "random")) {
            List<ShownSum> examples = question.examples(kind, EXAMPLES, List.of(), random);
            for (int k = 1; k <= EXAMPLES; k++) {
                queries.add(question.after(kind, examples.subList(0, k)).build());
                if (k > 1) {
                    queries.add(question.scrambled(kind, examples.subList(0, k)).build());
                }
            }
        }
        return queries.stream();
    }

    private Stream<GeneratedQuery> fiveAndFive(Question question, SplittableRandom random) {
        List<ShownSum> similar = question.examples("similar", GROUP, List.of(), random);
        List<ShownSum> other = question.examples("random", GROUP, similar, random);
        List<ShownSum> examples =
                Shuffle.of(Stream.concat(similar.stream(), other.stream()).toList(), random);
        List<GeneratedQuery> queries = new ArrayList<>();
        queries.add(question.after("none", List.of()).build());
        queries.add(question.after("mixed", examples)
                .label("similar", places(similar, examples))
                .build());
        queries.add(question.scrambled("mixed", examples)
                .label("similar", places(similar, examples))
                .build());
        for (List<ShownSum> group : List.of(similar, other)) {
            for (int mask = 1; mask < 1 << GROUP; mask++) {
                int chosen = mask;
                List<ShownSum> leftOut = IntStream.range(0, GROUP)
                        .filter(i -> (chosen >> i & 1) == 1)
                        .mapToObj(group::get)
                        .toList();
                queries.add(question.without(leftOut, examples)
                        .label("similar", places(similar, examples))
                        .label("left-out", places(leftOut, examples))
                        .build());
            }
        }
        return queries.stream();
    }

    /// Where some of the examples stand among all, from 1.
    private static String places(List<ShownSum> some, List<ShownSum> all) {
        return IntStream.range(0, all.size())
                .filter(i -> some.contains(all.get(i)))
                .mapToObj(i -> Integer.toString(i + 1))
                .collect(Collectors.joining(","));
    }

    /// By the first number of a direct answer, as a model may go on with more examples. Of an answer in steps by the
    /// number that it is first said to be, or by the last number.
    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        String expected = query.answers().getFirst();
        List<String> numbers = AnswerText.numbers(answer);
        if (numbers.isEmpty()) {
            return Grade.unreadable("expected " + expected + ", found no number");
        }
        if (AnswerFormat.DIRECT.text().equals(query.format())) {
            return AnswerText.graded(expected, numbers.getFirst());
        }
        Matcher conclusion = CONCLUSION.matcher(answer);
        return AnswerText.graded(
                expected, conclusion.find() ? conclusion.group(1).replace(",", "") : numbers.getLast());
    }

    /// The sum that is asked.
    private record Question(int index, ShownSum asked) {
        private static final String FAMILY = "in-context-addition";

        /// @param others examples that are there already
        List<ShownSum> examples(String kind, int count, List<ShownSum> others, SplittableRandom random) {
            List<ShownSum> examples = new ArrayList<>();
            while (examples.size() < count) {
                boolean similar = kind.equals("similar");
                ShownSum example = similar
                        ? asked.similar(random)
                        : ShownSum.draw(asked.digits(), asked.base(), asked.format(), random);
                if (!example.shares(asked)
                        && asked.isSimilar(example) == similar
                        && Stream.concat(others.stream(), examples.stream()).noneMatch(example::shares)) {
                    examples.add(example);
                }
            }
            return List.copyOf(examples);
        }

        GeneratedQuery.Builder after(String kind, List<ShownSum> examples) {
            return query(id(kind, examples), QueryKind.REASONING, kind, examples, examples);
        }

        /// Each example has the solution of the next.
        GeneratedQuery.Builder scrambled(String kind, List<ShownSum> examples) {
            List<ShownSum> solved = new ArrayList<>(examples.subList(1, examples.size()));
            solved.add(examples.getFirst());
            String mirrored = id(kind, examples);
            return query(mirrored + "-scrambled", QueryKind.CONTROL, kind, examples, solved)
                    .label("solutions", "scrambled")
                    .controlOf(mirrored);
        }

        GeneratedQuery.Builder without(List<ShownSum> leftOut, List<ShownSum> examples) {
            List<ShownSum> left =
                    examples.stream().filter(one -> !leftOut.contains(one)).toList();
            String places = places(leftOut, examples).replace(',', '-');
            return query(id("mixed", examples) + "-without-" + places, QueryKind.REASONING, "mixed", left, left);
        }

        private String id(String kind, List<ShownSum> examples) {
            return FAMILY + "-" + index + "-" + kind + "-" + examples.size();
        }

        private GeneratedQuery.Builder query(
                String id, QueryKind kind, String label, List<ShownSum> examples, List<ShownSum> solved) {
            var prompt = new StringBuilder();
            for (int i = 0; i < examples.size(); i++) {
                prompt.append(examples.get(i).example(solved.get(i)));
            }
            String completion = asked.solution();
            GeneratedQuery.Builder query = GeneratedQuery.of(id, kind, FAMILY)
                    .prompt(prompt + asked.question())
                    .completion(completion)
                    .answers(asked.answer())
                    .format(asked.format().text())
                    .coordinate("question", index)
                    .coordinate("examples", examples.size())
                    .coordinate("a", (int) asked.a())
                    .coordinate("b", (int) asked.b())
                    .coordinate("base", asked.base())
                    .label("examples", label);
            Span.answerAndLines(completion, asked.answer()).forEach(query::targetSpan);
            return query;
        }
    }
}
