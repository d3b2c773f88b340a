package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The actions there are in a world, and which predicates a goal is made of.
///
/// @param goalPredicates their facts in a state without a hand or load in between fix the whole state
/// @param kinds where objects are of several kinds: from what an object's name begins with to the predicate that says
/// so
public record Domain(String name, List<Operator> operators, Set<String> goalPredicates, Map<String, String> kinds) {
    /// Copies the collections.
    public Domain {
        operators = List.copyOf(operators);
        goalPredicates = Set.copyOf(goalPredicates);
        kinds = Map.copyOf(kinds);
    }

    /// What kind each object is, as facts.
    public List<Fact> kindsOf(Collection<String> objects) {
        List<Fact> facts = new ArrayList<>();
        for (String object : objects) {
            kinds.forEach((beginning, predicate) -> {
                if (object.startsWith(beginning)) {
                    facts.add(Fact.of(predicate, object));
                }
            });
        }
        return List.copyOf(facts);
    }

    /// What a plan takes, where time counts.
    ///
    /// @return minutes
    public int minutes(List<Step> plan) {
        return plan.stream().mapToInt(step -> operator(step).minutes()).sum();
    }

    /// Predicates that some action changes; all others stay as they are.
    public Set<String> changing() {
        Set<String> predicates = new HashSet<>();
        for (Operator operator : operators) {
            operator.additions().forEach(fact -> predicates.add(fact.predicate()));
            operator.deletions().forEach(fact -> predicates.add(fact.predicate()));
        }
        return predicates;
    }

    /// The action of a step.
    ///
    /// @throws IllegalArgumentException if there is no such operator, or the objects are too few or too many
    public Action action(Step step) {
        return operator(step).on(step.arguments());
    }

    private Operator operator(Step step) {
        for (Operator operator : operators) {
            if (operator.name().equals(step.operator())) {
                return operator;
            }
        }
        throw new IllegalArgumentException(
                "domain " + name + ": expected one of its operators, got " + step.operator());
    }

    /// Every action on distinct objects whose unchanging preconditions hold, in a fixed order.
    public List<Action> actions(List<String> objects, State state) {
        Set<String> changing = changing();
        List<Action> actions = new ArrayList<>();
        for (Operator operator : operators) {
            List<Fact> fixed = operator.preconditions().stream()
                    .filter(fact -> !changing.contains(fact.predicate()))
                    .toList();
            bind(operator, fixed, objects, state, List.of(), actions);
        }
        return List.copyOf(actions);
    }

    private static void bind(
            Operator operator,
            List<Fact> fixed,
            List<String> objects,
            State state,
            List<String> bound,
            List<Action> actions) {
        if (!possible(operator, fixed, state, bound)) {
            return;
        }
        if (bound.size() == operator.parameters().size()) {
            actions.add(operator.on(bound));
            return;
        }
        for (String object : objects) {
            if (!bound.contains(object)) {
                List<String> more = new ArrayList<>(bound);
                more.add(object);
                bind(operator, fixed, objects, state, more, actions);
            }
        }
    }

    private static boolean possible(Operator operator, List<Fact> fixed, State state, List<String> bound) {
        List<String> named = operator.parameters().subList(0, bound.size());
        return fixed.stream()
                .filter(fact -> named.containsAll(fact.arguments()))
                .map(fact -> new Fact(
                        fact.predicate(),
                        fact.arguments().stream()
                                .map(name -> bound.get(named.indexOf(name)))
                                .toList()))
                .allMatch(state::holds);
    }
}
