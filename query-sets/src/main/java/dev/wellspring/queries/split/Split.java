package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Items divided in two: every item is in one part, none in both, and each part keeps the items' order.
///
/// @param rule what was held out
/// @param seed of what was drawn
/// @param parameters the rule's numbers and names and what was drawn, by name
/// @param untouched how many of the items in training the rule had no say about
/// @param train ids of the items to learn from
/// @param test ids of the items held out
public record Split(
        SplitRule rule,
        long seed,
        Map<String, Object> parameters,
        int untouched,
        List<String> train,
        List<String> test) {
    /// Copies the collections.
    public Split {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /// Divides items by a rule.
    ///
    /// @throws CorpusException if two items share an id, none has what the rule needs, or a part would be empty
    public static Split of(SplitRule rule, long seed, List<Item> items) {
        List<Item> concerned = items.stream().filter(rule.need().isMet()).toList();
        if (concerned.isEmpty()) {
            throw CorpusException.at(
                    "rule " + rule.text(),
                    "items with " + rule.need().words(),
                    "none among " + items.size() + " items",
                    "choose a rule that looks at what they have");
        }
        SplitRule.Choice choice = rule.choose(concerned, seed);
        Set<String> seen = new HashSet<>();
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        for (Item item : items) {
            if (!seen.add(item.id())) {
                throw CorpusException.at("item " + item.id(), "each id once", "it twice", "give each item its own");
            }
            boolean heldOut = rule.need().isMet().test(item) && choice.test().test(item);
            (heldOut ? test : train).add(item.id());
        }
        if (train.isEmpty() || test.isEmpty()) {
            throw CorpusException.at(
                    "rule " + rule.text(),
                    "some items to learn from and some held out",
                    train.size() + " and " + test.size(),
                    "choose another rule or seed");
        }
        return new Split(rule, seed, choice.parameters(), items.size() - concerned.size(), train, test);
    }

    /// Reads a split from the folder that [SplitFolder] wrote.
    ///
    /// @throws CorpusException if there is none, or it does not hold what its digest says
    public static Split read(Path folder) {
        return new SplitFolder(folder).read();
    }

    /// SHA-256 over rule, seed and the ids of both parts.
    ///
    /// @return 64 hexadecimal digits
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, rule.text() + "\n" + seed + "\n");
            train.forEach(id -> add(digest, "train\t" + id + "\n"));
            test.forEach(id -> add(digest, "test\t" + id + "\n"));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
}
