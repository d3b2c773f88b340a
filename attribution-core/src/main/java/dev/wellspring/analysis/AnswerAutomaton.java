package dev.wellspring.analysis;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ahocorasick.trie.Trie;

/// Finds all of many answers in one reading of a text, by an automaton of Aho and Corasick (1975).
/// [AnswerText] says when a text holds one.
public final class AnswerAutomaton {
    private final Map<String, BitSet> numbers = new HashMap<>();
    private final Trie trie;

    /// @param answers as they stand; those of which nothing is left once normalised are never found
    public AnswerAutomaton(List<String> answers) {
        Trie.TrieBuilder builder = Trie.builder();
        for (int i = 0; i < answers.size(); i++) {
            String normal = AnswerText.normalise(answers.get(i));
            if (!normal.isEmpty()) {
                builder.addKeyword(normal);
                numbers.computeIfAbsent(normal, _ -> new BitSet()).set(i);
            }
        }
        trie = builder.build();
    }

    /// The numbers of the answers that a text holds. May be called from several threads.
    ///
    /// @param text as it stands
    public BitSet find(String text) {
        String normal = AnswerText.normalise(text);
        var found = new BitSet();
        trie.parseText(normal, emit -> {
            if (AnswerText.isWhole(normal, emit.getStart(), emit.getEnd() + 1)) {
                found.or(numbers.getOrDefault(emit.getKeyword(), new BitSet()));
            }
            return true;
        });
        return found;
    }
}
