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
    private static final Pattern STEP_NUMBER = Pattern.compile("step (\\d+)");
    private static final Pattern JOINT = Pattern.compile(",\\s*and\\s+|,\\s*|\\s+and\\s+|\\n+");

    private final Problem problem;
    private final List<Step> shown;
    private final PlanningTask task;
    private final Skin skin;
    private final int optimalLength;

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
        optimalLength = query.coordinates().getOrDefault("optimal_length", -1);
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
            Optional<Step> step = skin.step(words);
            if (step.isEmpty()) {
                return Grade.unreadable("expected an action in each line, found \"" + words + "\"");
            }
            plan.add(step.get());
        }
        return plan.isEmpty() ? Grade.unreadable("expected a plan, found no action") : executed(plan);
    }

    private Grade executed(List<Step> plan) {
        PlanVerdict verdict = PlanVerdict.of(problem, plan);
        boolean optimal = verdict.valid() && plan.size() == optimalLength;
        Map<String, String> details = new LinkedHashMap<>();
        details.put("executable", String.valueOf(verdict.executable()));
        details.put("reaches_goal", String.valueOf(verdict.valid()));
        details.put("optimal", String.valueOf(optimal));
        details.put("length", String.valueOf(plan.size()));
        details.put("reaches_without_deletions", String.valueOf(verdict.reachesWithoutDeletions()));
        details.put("reaches_without_preconditions", String.valueOf(verdict.reachesWithoutPreconditions()));
        details.put("reaches_without_either", String.valueOf(verdict.reachesWithoutEither()));
        if (!verdict.executable()) {
            int failing = verdict.executedSteps();
            return wrong(
                    "step " + (failing + 1) + ", \"" + skin.say(plan.get(failing)) + "\", needs that "
                            + skin.say(verdict.unmetPreconditions().getFirst()),
                    details);
        }
        if (!verdict.unmetGoals().isEmpty()) {
            return wrong(
                    "after " + plan.size() + " steps the goal is not met: "
                            + skin.say(verdict.unmetGoals().getFirst()),
                    details);
        }
        if (task == PlanningTask.OPTIMAL && !optimal) {
            return wrong("reaches the goal in " + plan.size() + " steps, expected " + optimalLength, details);
        }
        return new Grade(Grade.Verdict.RIGHT, "reaches the goal in " + plan.size() + " steps", details);
    }

    private Grade state(String answer) {
        State expected = new State(PlanningText.changing(problem, problem.after(shown)));
        List<Fact> facts = new ArrayList<>();
        for (String words : JOINT.split(before(answer, "[").strip(), -1)) {
            if (bare(words).isEmpty()) {
                continue;
            }
            Optional<Fact> fact = skin.fact(bare(words));
            if (fact.isEmpty()) {
                return Grade.unreadable("expected a list of facts, found \"" + bare(words) + "\"");
            }
            facts.add(fact.get());
        }
        if (facts.isEmpty()) {
            return Grade.unreadable("expected a list of facts, found none");
        }
        State found = new State(PlanningText.changing(problem, new State(facts)));
        List<Fact> missing = found.missing(expected.facts());
        if (!missing.isEmpty()) {
            return Grade.wrong("expected also that " + skin.say(missing.getFirst()));
        }
        List<Fact> surplus = expected.missing(facts.stream()
                .filter(fact -> problem.domain().changing().contains(fact.predicate()))
                .toList());
        return surplus.isEmpty()
                ? Grade.right("the state has these " + found.facts().size() + " facts")
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
        Matcher step = STEP_NUMBER.matcher(text);
        boolean namesStep = step.find();
        boolean verdictRight = invalid != expected.valid();
        boolean typeRight = verdictRight
                && (expected.valid() || (expected.executable() ? !namesStep && text.contains("goal") : namesStep));
        boolean explained = typeRight
                && (expected.valid()
                        || (expected.executable()
                                ? names(answer, expected.unmetGoals())
                                : Integer.parseInt(step.group(1)) == expected.executedSteps() + 1
                                        && names(answer, expected.unmetPreconditions())));
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

    private String meaning(PlanVerdict expected) {
        if (expected.valid()) {
            return "valid";
        }
        return expected.executable()
                ? "it is not so in the end that "
                        + skin.say(expected.unmetGoals().getFirst())
                : "step " + (expected.executedSteps() + 1) + " needs that "
                        + skin.say(expected.unmetPreconditions().getFirst());
    }

    private boolean names(String answer, List<Fact> facts) {
        String words = bare(answer.substring(answer.lastIndexOf(':') + 1));
        return skin.fact(words).filter(facts::contains).isPresent();
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
