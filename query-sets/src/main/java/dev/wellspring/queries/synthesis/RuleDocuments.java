package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.grid.AnswerFormat;
import dev.wellspring.queries.task.grid.LadderTask;
import dev.wellspring.queries.task.grid.LengthLadder;
import dev.wellspring.queries.task.grid.Reversal;
import dev.wellspring.queries.task.grid.Sum;
import dev.wellspring.queries.task.grid.WorkedProblem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The rule of a length ladder: stated, or executed on problems of given lengths in the words of the ladder's queries.
final class RuleDocuments implements DocumentFamily {
    @Override
    public String name() {
        return "rules";
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put(Role.RULE_TEXT.label(), 100);
        counts.put(Role.RULE_TRACE.label(), 900);
        String lengths = ", in digits or letters, 1 to " + LengthLadder.MAX_LENGTH;
        return new FamilyDescription(
                "A rule as code or in words, and the same rule executed digit by digit: addition, or reversing a list.",
                "Hu et al. 2024, arXiv 2402.17709, Rule-Following Fine-Tuning",
                List.of(
                        Parameter.choice(
                                "task",
                                "what the rule does",
                                Arrays.stream(LadderTask.values())
                                        .map(LadderTask::text)
                                        .toArray(String[]::new)),
                        Parameter.choice(
                                "format",
                                "how answers are written out, as far as the task's queries have it",
                                "compact",
                                "rule-following",
                                "scratchpad",
                                "direct"),
                        Parameter.choice("base", "that numbers are written in", "10", "9"),
                        Parameter.of("min-digits", 1, "the shortest" + lengths),
                        Parameter.of("max-digits", 5, "the longest" + lengths),
                        Parameter.of("text-percent", 10, "documents that only state the rule, 0 to 100")),
                counts);
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        LadderTask task = Arrays.stream(LadderTask.values())
                .filter(one -> one.text().equals(parameters.text("task")))
                .findFirst()
                .orElseThrow();
        int min = parameters.integer("min-digits", 1, LengthLadder.MAX_LENGTH);
        int max = parameters.integer("max-digits", 1, LengthLadder.MAX_LENGTH);
        if (min > max) {
            throw CorpusException.at(
                    "parameter min-digits", "at most max-digits, " + max, Integer.toString(min), "lower it");
        }
        int base = Integer.parseInt(parameters.text("base"));
        return new Rules(
                seed,
                task,
                AnswerFormat.of(parameters.text("format"), task.formats()),
                base,
                RuleText.of(task, base),
                min,
                max,
                parameters.integer("text-percent", 0, 100));
    }

    private record Rules(
            long seed,
            LadderTask task,
            AnswerFormat format,
            int base,
            List<RuleText> texts,
            int min,
            int max,
            int textPercent)
            implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            RandomGenerator random = Draws.at(seed, index);
            return Draws.repeated(seed, index, 100) < textPercent ? text(index, random) : trace(index, random);
        }

        private LabelledDocument text(long index, RandomGenerator random) {
            RuleText rule = Draws.one(texts, random);
            return LabelledDocument.of("rules", index, task.family(), Role.RULE_TEXT, rule.wording(), rule.text())
                    .withCoordinates(task == LadderTask.ADDITION ? Map.of("base", base) : Map.of());
        }

        private LabelledDocument trace(long index, RandomGenerator random) {
            WorkedProblem problem = switch (task) {
                case ADDITION -> new Sum(number(random), number(random), base, format);
                case REVERSAL -> Reversal.drawn(length(random), format, random);
            };
            Role role = format == AnswerFormat.DIRECT ? Role.CASE : Role.RULE_TRACE;
            return LabelledDocument.of("rules", index, task.family(), role, "problem", problem.text())
                    .withFormat(format.text())
                    .withCoordinates(problem.coordinates())
                    .withDigits(problem instanceof Sum sum ? Digits.features(sum.a(), sum.b(), base) : Map.of())
                    .withAnswers(problem.shown());
        }

        private long number(RandomGenerator random) {
            return Sum.number(length(random), base, random);
        }

        private int length(RandomGenerator random) {
            return random.nextInt(min, max + 1);
        }
    }
}
