package dev.wellspring.queries.task.planning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Facts by number, so that a state is a set of bits and an action three masks: what a search compares millions of
/// times.
final class StateBits {
    private final Map<Fact, Integer> numbers = new HashMap<>();
    private final List<Fact> facts = new ArrayList<>();

    /// Numbers all facts of the actions, then those of a state.
    StateBits(List<Action> actions, State state) {
        for (Action action : actions) {
            action.preconditions().forEach(this::add);
            action.additions().forEach(this::add);
            action.deletions().forEach(this::add);
        }
        state.facts().forEach(this::add);
    }

    private void add(Fact fact) {
        if (numbers.putIfAbsent(fact, facts.size()) == null) {
            facts.add(fact);
        }
    }

    /// The facts as bits, or nothing if one of them has no number: it is never true.
    Optional<Bits> of(List<Fact> wanted) {
        long[] words = new long[(facts.size() + 63) / 64];
        for (Fact fact : wanted) {
            Integer number = numbers.get(fact);
            if (number == null) {
                return Optional.empty();
            }
            words[number / 64] |= 1L << (number % 64);
        }
        return Optional.of(new Bits(words));
    }

    /// The facts that bits stand for.
    State state(Bits bits) {
        List<Fact> held = new ArrayList<>();
        for (int number = 0; number < facts.size(); number++) {
            if ((bits.words[number / 64] >>> (number % 64) & 1) != 0) {
                held.add(facts.get(number));
            }
        }
        return new State(held);
    }

    /// Some facts. Nobody changes the words.
    static final class Bits {
        private final long[] words;
        private final int hash;

        private Bits(long[] words) {
            this.words = words;
            hash = Arrays.hashCode(words);
        }

        boolean holdsAll(Bits wanted) {
            for (int i = 0; i < words.length; i++) {
                if ((words[i] & wanted.words[i]) != wanted.words[i]) {
                    return false;
                }
            }
            return true;
        }

        Bits change(Bits deletions, Bits additions) {
            long[] changed = new long[words.length];
            for (int i = 0; i < words.length; i++) {
                changed[i] = (words[i] & ~deletions.words[i]) | additions.words[i];
            }
            return new Bits(changed);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bits bits && Arrays.equals(words, bits.words);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
