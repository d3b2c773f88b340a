package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Judges answers in the words of the query's skin: plans by executing them, states and verdicts by comparison.
final class PlanningGrader {
    private static final Pattern NUMBERING = Pattern.compile("^(?:\\d+[.):]|[-*])\\s*");
    private static final Pattern STEP_NUMBER = Pattern.compile("step (\\d{1,4})");
    private static final Pattern JOINT = Pattern.compile(",\\s*and\\s+|,\\s*|\\s+and\\s+|\\n+");

    private final Problem problem;
    private final List<Step> shown;
    private final PlanningTask task;
    private final Skin skin;
    private final SkinReader reader;
    private final int best;

    PlanningGrader(World world, GeneratedQuery query) {
        task = PlanningTask.of(label(query, "task"));
        problem = new Problem(
                world.domain(), List.of(), State.parse(label(query, "start")), Fact.parse(label(query, "goal")));
        shown = Step.parse(query.labels().getOrDefault("shown", ""));
        String skinName = query.skin();
        if (skinName == null) {
            throw new IllegalArgumentException("query " + query.id() + ": expected a skin, got none");
        }
        skin = Skin.of(world, SkinName.of(skinName), Long.parseLong(label(query, "skin_seed")));
        reader = skin.reader();
        best = query.coordinates()
                .getOrDefault(task == PlanningTask.OPTIMAL ? "optimal_minutes" : "optimal_length", -1);
    }

    private static String label(GeneratedQuery query, String name) {
        String value = query.labels().get(name);
        if (value == null) {
            throw new IllegalArgumentException("query " + query.id() + ": expected a label " + name + ", got none");
        }
        return value;
    }

    Grade grade(String answer) {
        return switch (task) {
            case VERIFICATION -> verdict(answer);
            case EXECUTION -> state(answer);
            case GENERATION, OPTIMAL, REUSE, GENERALISATION, REPLANNING, SHUFFLED_GOALS, FEWER_GOALS, MORE_GOALS ->
                plan(answer);
        };
    }

    private Grade plan(String answer) {
        List<Step> plan = new ArrayList<>();
        for (String line : before(answer, PlanningText.PLAN_END).lines().toList()) {
            String words = bare(line);
            if (words.isEmpty() || words.equalsIgnoreCase("[PLAN]")) {
                continue;
            }
            Optional<Step> step = reader.step(words);
            if (step.isEmpty()) {
                return Grade.unreadable("expected an action in each line, found \"" + words + "\"");
            }
            plan.add(step.get());
        }
        return plan.isEmpty() ? Grade.unreadable("expected a plan, found no action") : executed(plan);
    }

    private Grade executed(List<Step> plan) {
        PlanVerdict verdict = PlanVerdict.of(problem, plan);
        RelaxedVerdict relaxed = RelaxedVerdict.of(problem, plan);
        int cost = task == PlanningTask.OPTIMAL ? problem.domain().minutes(plan) : plan.size();
        boolean optimal = verdict.valid() && cost == best;
        Map<String, String> details = new LinkedHashMap<>();
        details.put("executable", String.valueOf(verdict.executable()));
        details.put("reaches_goal", String.valueOf(verdict.valid()));
        details.put("optimal", String.valueOf(optimal));
        details.put("length", String.valueOf(plan.size()));
        details.put("reaches_without_deletions", String.valueOf(relaxed.withoutDeletions()));
        details.put("reaches_without_preconditions", String.valueOf(relaxed.withoutPreconditions()));
        details.put("reaches_without_either", String.valueOf(relaxed.withoutEither()));
        if (!verdict.executable()) {
            int failing = verdict.executedSteps();
            return wrong(
                    "step " + (failing + 1) + ", \"" + skin.say(plan.get(failing)) + "\", " + needs(verdict), details);
        }
        if (!verdict.unmetGoals().isEmpty()) {
            return wrong(
                    "after " + plan.size() + " steps the goal is not met: "
                            + skin.say(verdict.unmetGoals().getFirst()),
                    details);
        }
        if (task == PlanningTask.OPTIMAL && !optimal) {
            return wrong("reaches the goal in " + cost + " minutes, expected " + best, details);
        }
        return new Grade(Grade.Verdict.RIGHT, "reaches the goal in " + plan.size() + " steps", details);
    }

    private Grade state(String answer) {
        State expected = problem.after(shown);
        List<Fact> facts = new ArrayList<>();
        for (String words : JOINT.split(before(answer, "[").strip(), -1)) {
            if (bare(words).isEmpty()) {
                continue;
            }
            Optional<Fact> fact = reader.fact(bare(words));
            if (fact.isEmpty()) {
                return Grade.unreadable("expected a list of facts, found \"" + bare(words) + "\"");
            }
            facts.add(fact.get());
        }
        if (facts.isEmpty()) {
            return Grade.unreadable("expected a list of facts, found none");
        }
        List<Fact> missing =
                new State(facts).missing(expected.of(problem.domain().changing()));
        if (!missing.isEmpty()) {
            return Grade.wrong("expected also that " + skin.say(missing.getFirst()));
        }
        List<Fact> surplus = expected.missing(facts);
        return surplus.isEmpty()
                ? Grade.right("the state has these " + facts.size() + " facts")
                : Grade.wrong("it is not so that " + skin.say(surplus.getFirst()));
    }

    /// The verdict, its type and its explanation are judged apart; the answer is right if all are.
    private Grade verdict(String answer) {
        String text = answer.toLowerCase(Locale.ROOT);
        boolean invalid = text.contains("invalid") || text.contains("not valid");
        if (!invalid && !text.contains("valid")) {
            return Grade.unreadable("expected valid or invalid, found neither");
        }
        PlanVerdict expected = PlanVerdict.of(problem, shown);
        boolean verdictRight = invalid != expected.valid();
        boolean precondition =
                text.contains("precondition") || STEP_NUMBER.matcher(text).find();
        boolean goal = text.contains("goal");
        boolean typeRight = verdictRight
                && (expected.valid() || (expected.executable() ? goal && !precondition : precondition && !goal));
        boolean explained = typeRight && (expected.valid() || explains(answer, expected));
        Map<String, String> details = new LinkedHashMap<>();
        details.put("verdict", String.valueOf(verdictRight));
        details.put("type", String.valueOf(typeRight));
        details.put("explanation", String.valueOf(explained));
        if (explained) {
            return new Grade(Grade.Verdict.RIGHT, "verdict, type and explanation are right", details);
        }
        String fault = verdictRight ? (typeRight ? "explanation" : "type of flaw") : "verdict";
        return wrong("the " + fault + " is another one than: " + meaning(expected), details);
    }

    /// Whether it names unmet facts alone, one at least, and the step that they are preconditions of, by its number
    /// or its words.
    private boolean explains(String answer, PlanVerdict expected) {
        List<Fact> unmet = expected.executable() ? expected.unmetGoals() : expected.unmetPreconditions();
        List<Fact> named = reader.facts(answer);
        if (named.isEmpty() || !unmet.containsAll(named)) {
            return false;
        }
        if (expected.executable()) {
            return true;
        }
        Step failing = shown.get(expected.executedSteps());
        List<Step> steps = reader.steps(answer);
        Matcher number = STEP_NUMBER.matcher(answer.toLowerCase(Locale.ROOT));
        boolean numbered = number.find();
        return (numbered || !steps.isEmpty())
                && (!numbered || Integer.parseInt(number.group(1)) == expected.executedSteps() + 1)
                && steps.stream().allMatch(failing::equals);
    }

    private String meaning(PlanVerdict expected) {
        if (expected.valid()) {
            return "valid";
        }
        return expected.executable()
                ? "it is not so in the end that "
                        + skin.say(expected.unmetGoals().getFirst())
                : "step " + (expected.executedSteps() + 1) + " " + needs(expected);
    }

    /// What the first step that could not be done lacks; a skin may have no words for the kind of its objects.
    private String needs(PlanVerdict verdict) {
        return verdict.unmetPreconditions().stream()
                .filter(fact -> skin.says(fact.predicate()))
                .findFirst()
                .map(fact -> "needs that " + skin.say(fact))
                .orElse("needs objects of other kinds");
    }

    private static Grade wrong(String reason, Map<String, String> details) {
        return new Grade(Grade.Verdict.WRONG, reason, details);
    }

    private static String before(String text, String mark) {
        int end = text.toUpperCase(Locale.ROOT).indexOf(mark);
        return end < 0 ? text : text.substring(0, end);
    }

    private static String bare(String line) {
        String words = NUMBERING.matcher(line.strip()).replaceFirst("");
        return words.endsWith(".") ? words.substring(0, words.length() - 1) : words;
    }
}
