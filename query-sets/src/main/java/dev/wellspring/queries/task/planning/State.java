package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// All that is true at one moment; what is not listed is false.
///
/// @param facts sorted, without repetition
public record State(List<Fact> facts) {
    /// Sorts the facts and drops repetitions.
    public State {
        facts = isSorted(facts)
                ? List.copyOf(facts)
                : facts.stream().sorted().distinct().toList();
    }

    private static boolean isSorted(List<Fact> facts) {
        for (int i = 1; i < facts.size(); i++) {
            if (facts.get(i - 1).compareTo(facts.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /// The state written by [#toString].
    public static State parse(String text) {
        return new State(Fact.parse(text));
    }

    /// Whether the fact is true.
    public boolean holds(Fact fact) {
        return Collections.binarySearch(facts, fact) >= 0;
    }

    /// Whether all the facts are true.
    public boolean holdsAll(Collection<Fact> wanted) {
        for (Fact fact : wanted) {
            if (!holds(fact)) {
                return false;
            }
        }
        return true;
    }

    /// The wanted facts that are false, in their order.
    public List<Fact> missing(Collection<Fact> wanted) {
        return wanted.stream().filter(fact -> !holds(fact)).toList();
    }

    /// The facts of some predicates, sorted.
    public List<Fact> of(Collection<String> predicates) {
        return facts.stream()
                .filter(fact -> predicates.contains(fact.predicate()))
                .toList();
    }

    /// The state after some facts became false and then others true.
    public State change(Collection<Fact> deletions, Collection<Fact> additions) {
        List<Fact> changed = new ArrayList<>(facts);
        for (Fact deletion : deletions) {
            int at = Collections.binarySearch(changed, deletion);
            if (at >= 0) {
                changed.remove(at);
            }
        }
        for (Fact addition : additions) {
            int at = Collections.binarySearch(changed, addition);
            if (at < 0) {
                changed.add(-at - 1, addition);
            }
        }
        return new State(changed);
    }

    /// The facts in order, as in PDDL.
    @Override
    public String toString() {
        return Fact.line(facts);
    }
}
