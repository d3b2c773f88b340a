package dev.wellspring.queries.split;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Items divided in two: every item is in one part, none in both, and each part keeps the items' order.
///
/// @param rule what was held out
/// @param seed of what was drawn
/// @param train ids of the items to learn from
/// @param test ids of the items held out
public record Split(SplitRule rule, long seed, List<String> train, List<String> test) {
    /// Copies the lists.
    public Split {
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /// Divides items by a rule.
    ///
    /// @throws IllegalArgumentException if two items share an id
    /// @throws dev.wellspring.queries.corpus.CorpusException if an item lacks what the rule looks at
    public static Split of(SplitRule rule, long seed, List<Item> items) {
        Predicate<Item> heldOut = rule.heldOut(items, seed);
        Set<String> seen = new HashSet<>();
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        for (Item item : items) {
            if (!seen.add(item.id())) {
                throw new IllegalArgumentException("items: expected each id once, got " + item.id() + " twice");
            }
            (heldOut.test(item) ? test : train).add(item.id());
        }
        return new Split(rule, seed, train, test);
    }

    /// SHA-256 over rule, seed and the ids of both parts.
    ///
    /// @return 64 hexadecimal digits
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((rule + "\n" + seed + "\n").getBytes(StandardCharsets.UTF_8));
            train.forEach(id -> digest.update(("train\t" + id + "\n").getBytes(StandardCharsets.UTF_8)));
            test.forEach(id -> digest.update(("test\t" + id + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
