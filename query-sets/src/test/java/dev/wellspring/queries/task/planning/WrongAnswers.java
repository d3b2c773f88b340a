package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.GeneratedQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Answers to a planning query that are wrong, each in one way.
record WrongAnswers(World world, GeneratedQuery query) {
    List<String> all() {
        return switch (label("task")) {
            case "t3" -> verdicts();
            case "t7" -> states();
            default -> plans();
        };
    }

    private Skin skin() {
        return Skin.of(world, SkinName.of(String.valueOf(query.skin())), Long.parseLong(label("skin_seed")));
    }

    private String label(String name) {
        return query.labels().getOrDefault(name, "");
    }

    private List<String> plans() {
        List<Step> plan = query.intermediateAnswers().stream()
                .map(line -> skin().reader().step(line).orElseThrow())
                .toList();
        List<List<Step>> wrong = new ArrayList<>();
        for (int left = 0; left < plan.size() && plan.size() > 1; left++) {
            List<Step> shorter = new ArrayList<>(plan);
            shorter.remove(left);
            wrong.add(shorter);
        }
        for (int i = 0; i < plan.size(); i++) {
            List<Step> other = new ArrayList<>(plan);
            other.set(i, withAnotherObject(plan.get(i)));
            wrong.add(other);
            for (int j = i + 1; j < plan.size(); j++) {
                if (takes(plan.get(i)) && !takes(plan.get(j)) && sameObject(plan.get(i), plan.get(j))) {
                    List<Step> swapped = new ArrayList<>(plan);
                    Collections.swap(swapped, i, j);
                    wrong.add(swapped);
                }
            }
        }
        return wrong.stream()
                .map(steps -> new PlanningText(skin()).lines(steps))
                .toList();
    }

    private static boolean takes(Step step) {
        return step.operator().startsWith("load")
                || List.of("pick-up", "unstack").contains(step.operator());
    }

    private static boolean sameObject(Step step, Step other) {
        return step.arguments().getFirst().equals(other.arguments().getFirst());
    }

    /// The first object is what the step is done with, so that the next step with it cannot be done.
    private Step withAnotherObject(Step step) {
        String first = step.arguments().getFirst();
        String kind = first.replaceAll("[0-9].*", "");
        String other = world.universe().reversed().stream()
                .filter(object ->
                        !step.arguments().contains(object) && (world instanceof Blocksworld || object.startsWith(kind)))
                .findFirst()
                .orElseThrow();
        List<String> arguments = new ArrayList<>(step.arguments());
        arguments.set(0, other);
        return new Step(step.operator(), arguments);
    }

    private List<String> verdicts() {
        String right = query.completion();
        if (right.contains("is valid")) {
            return List.of("The above plan is invalid.", right.replace("valid", "not valid"));
        }
        String fact = "\n"
                + Fact.parse(label("start")).stream()
                        .filter(known -> skin().says(known.predicate()))
                        .map(skin()::say)
                        .filter(said -> !right.contains(said))
                        .findFirst()
                        .orElseThrow();
        List<String> wrong = new ArrayList<>(List.of(
                "The above plan is valid.",
                "The above plan is invalid.",
                right.substring(0, right.lastIndexOf('\n')) + fact,
                right + fact));
        if (right.contains("at step")) {
            wrong.add(right.replaceFirst("at step \\d+", "at step 99"));
            wrong.add("The above plan is invalid. This is the unmet goal condition:"
                    + right.substring(right.lastIndexOf('\n')));
        } else {
            wrong.add("The above plan is invalid. The following action at step 1 has an unmet precondition:\n"
                    + skin().say(Step.parse(label("shown")).getFirst())
                    + "\nThe unmet precondition is:" + right.substring(right.lastIndexOf('\n')));
        }
        return wrong;
    }

    private List<String> states() {
        List<Fact> right = skin().reader().facts(query.completion());
        List<Fact> changing = right.stream()
                .filter(fact -> world.domain().changing().contains(fact.predicate()))
                .toList();
        List<String> wrong = new ArrayList<>();
        for (Fact missing : changing) {
            wrong.add(skin().list(
                            right.stream().filter(fact -> !fact.equals(missing)).toList()));
        }
        List<Fact> more = new ArrayList<>(right);
        more.add(Fact.parse(label("start")).stream()
                .filter(fact -> world.domain().changing().contains(fact.predicate()) && !right.contains(fact))
                .findFirst()
                .orElseThrow());
        wrong.add(skin().list(more));
        return wrong;
    }
}
