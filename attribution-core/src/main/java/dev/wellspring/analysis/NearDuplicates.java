package dev.wellspring.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Groups of texts that are nearly the same: those whose sets of shingles, five words in a row, have at
/// least 0.8 of their union in common (Jaccard), and whatever such pairs connect. Words are letters and
/// digits, in small letters; a text of fewer than five words is one shingle.
///
/// All pairs are found without comparing all: two sets that alike share one of their rarest few shingles
/// (Bayardo, Ma and Srikant, WWW 2007), so only texts that do are compared.
public final class NearDuplicates {
    private static final int WORDS = 5;
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private final List<Set<String>> shingles;
    private final int[] parents;

    private NearDuplicates(List<String> texts) {
        shingles = texts.stream().map(NearDuplicates::shingles).toList();
        parents = IntStream.range(0, texts.size()).toArray();
    }

    /// Groups of at least two, each with the numbers of its texts in ascending order; groups in the order of
    /// their first. A text without words is in none.
    public static List<int[]> groups(List<String> texts) {
        var duplicates = new NearDuplicates(texts);
        duplicates.joinAlike();
        return duplicates.groups();
    }

    static Set<String> shingles(String text) {
        String[] words = Arrays.stream(BETWEEN.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
        Set<String> shingles = new HashSet<>();
        for (int end = Math.min(WORDS, words.length); end > 0 && end <= words.length; end++) {
            shingles.add(String.join(" ", Arrays.asList(words).subList(Math.max(0, end - WORDS), end)));
        }
        return shingles;
    }

    /// Whether 0.8 of the union is in both.
    static boolean alike(Set<String> one, Set<String> other) {
        long common = one.stream().filter(other::contains).count();
        return 5 * common >= 4 * (one.size() + other.size() - common);
    }

    private void joinAlike() {
        Map<String, Integer> frequency = new HashMap<>();
        shingles.forEach(set -> set.forEach(shingle -> frequency.merge(shingle, 1, Integer::sum)));
        Comparator<String> rarestFirst = Comparator.comparingInt((String shingle) -> frequency.getOrDefault(shingle, 0))
                .thenComparing(Comparator.naturalOrder());
        Map<String, List<Integer>> seen = new HashMap<>();
        for (int text = 0; text < shingles.size(); text++) {
            Set<String> own = shingles.get(text);
            int prefix = own.size() - Math.ceilDiv(4 * own.size(), 5) + 1;
            Set<Integer> compared = new HashSet<>();
            for (String shingle : own.stream().sorted(rarestFirst).limit(prefix).toList()) {
                List<Integer> others = seen.computeIfAbsent(shingle, _ -> new ArrayList<>());
                for (int other : others) {
                    if (root(other) != root(text) && compared.add(other) && alike(own, shingles.get(other))) {
                        parents[root(text)] = root(other);
                    }
                }
                others.add(text);
            }
        }
    }

    private int root(int text) {
        int root = text;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }

    private List<int[]> groups() {
        Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
        for (int text = 0; text < parents.length; text++) {
            groups.computeIfAbsent(root(text), _ -> new ArrayList<>()).add(text);
        }
        return groups.values().stream()
                .filter(group -> group.size() > 1)
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }
}
