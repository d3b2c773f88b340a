package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Region × region: a share of the states is drawn, and the problems that start and end among them are held out.
public record Regions(double stateShare) implements SplitRule {
    /// Checks the share.
    public Regions {
        RuleForm.requireShare(stateShare);
    }

    @Override
    public String text() {
        return "region:" + stateShare;
    }

    @Override
    public Need need() {
        return Need.PAIR;
    }

    @Override
    public Choice choose(List<Item> items, long seed) {
        Set<Integer> worlds = items.stream()
                .map(item -> item.coordinates().getOrDefault("blocks", 0))
                .collect(Collectors.toCollection(TreeSet::new));
        if (worlds.size() > 1) {
            throw CorpusException.at(
                    "rule " + text(),
                    "problems of one world",
                    "problems of " + worlds + " blocks",
                    "split the corpus of each world apart");
        }
        List<Integer> states = items.stream()
                .flatMap(item -> Stream.of(at(item, "start"), at(item, "goal")))
                .distinct()
                .sorted()
                .toList();
        Set<Integer> region = new TreeSet<>(Sample.of(states, (int) Math.round(stateShare * states.size()), seed));
        return new Choice(
                item -> region.contains(at(item, "start")) && region.contains(at(item, "goal")),
                Map.of("state_share", stateShare, "states", List.copyOf(region)));
    }

    private static int at(Item item, String end) {
        return item.coordinates().getOrDefault(end, -1);
    }
}
