package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Sums of two numbers of n digits, for n from 1 to 15: the shorter ones have the role `train`. They come by length;
/// a length that has fewer different sums than asked for gives all of them.
public record LengthLadder() implements QueryFamily {
    private static final int MAX_DIGITS = 15;
    private static final int TRAINED_TO = 5;
    private static final int PER_LENGTH = 100;
    private static final int MAX_PER_LENGTH = 10_000;

    @Override
    public String name() {
        return "length-ladder";
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("train", 81 + PER_LENGTH * (TRAINED_TO - 1));
        counts.put("test", PER_LENGTH * (MAX_DIGITS - TRAINED_TO));
        return new FamilyDescription(
                "Does a rule carry over to longer numbers? Addition digit by digit, trained short and tested long.",
                "Hu et al. 2024, arXiv 2402.17709, Rule-Following Fine-Tuning",
                List.of(
                        Parameter.choice(
                                "format",
                                "how answers are written out",
                                Stream.of(AnswerFormat.values())
                                        .map(AnswerFormat::text)
                                        .toArray(String[]::new)),
                        Parameter.choice("base", "that the numbers are written in", "10", "9"),
                        Parameter.of("min-digits", 1, "shortest operands, 1 to 15"),
                        Parameter.of("max-digits", MAX_DIGITS, "longest operands, 1 to 15"),
                        Parameter.of("trained-to", TRAINED_TO, "longest operands with the role train, 0 to 15"),
                        Parameter.of("per-length", PER_LENGTH, "sums per length, 1 to " + MAX_PER_LENGTH)),
                counts);
    }

    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        AnswerFormat format = AnswerFormat.of(parameters.text("format"), EnumSet.allOf(AnswerFormat.class));
        int base = Integer.parseInt(parameters.text("base"));
        int min = parameters.integer("min-digits", 1, MAX_DIGITS);
        int max = parameters.integer("max-digits", 1, MAX_DIGITS);
        int trainedTo = parameters.integer("trained-to", 0, MAX_DIGITS);
        int perLength = parameters.integer("per-length", 1, MAX_PER_LENGTH);
        if (min > max) {
            throw CorpusException.at(
                    "parameter min-digits", "at most max-digits, " + max, Integer.toString(min), "lower it");
        }
        return IntStream.rangeClosed(min, max).boxed().flatMap(digits -> {
            List<Sum> sums = sums(seed, digits, perLength, base, format);
            return IntStream.range(0, sums.size())
                    .mapToObj(i -> query(sums.get(i), digits, i + 1, digits <= trainedTo ? "train" : "test"));
        });
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return Sum.grade(query, answer);
    }

    private GeneratedQuery query(Sum sum, int digits, int number, String role) {
        String id = String.format(Locale.ROOT, "%s-%02d-%03d", name(), digits, number);
        return sum.query(id, name())
                .coordinate("digits", digits)
                .coordinate("base", sum.base())
                .splitRole(role)
                .build();
    }

    /// Different sums of one length. Each length has a seed of its own, so that it does not depend on the others.
    private static List<Sum> sums(long seed, int digits, int count, int base, AnswerFormat format) {
        long low = power(base, digits - 1);
        long high = power(base, digits);
        if ((high - low) * (high - low) <= count && digits < 5) {
            return LongStream.range(low, high)
                    .boxed()
                    .flatMap(a -> LongStream.range(low, high).mapToObj(b -> new Sum(a, b, base, format)))
                    .toList();
        }
        var random = new SplittableRandom(seed * (MAX_DIGITS + 1) + digits);
        Set<Sum> drawn = new LinkedHashSet<>();
        while (drawn.size() < count) {
            drawn.add(new Sum(random.nextLong(low, high), random.nextLong(low, high), base, format));
        }
        return List.copyOf(drawn);
    }

    private static long power(int base, int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= base;
        }
        return power;
    }
}
