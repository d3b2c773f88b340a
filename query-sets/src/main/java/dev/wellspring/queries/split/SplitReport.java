package dev.wellspring.queries.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How hard a split is, for each held-out item.
///
/// @param items in the order of the split's test part
public record SplitReport(List<HeldOut> items) {
    /// Copies the list.
    public SplitReport {
        items = List.copyOf(items);
    }

    /// One held-out item. What has no meaning for it is null.
    ///
    /// @param id of the item
    /// @param metric what kind of distance it has
    /// @param nearest what is nearest in training; null if nothing there is comparable
    /// @param otherSkins how many items in training are the same problem in another skin
    /// @param sameFact how many items in training are about the same fact
    /// @param steps how many steps it takes
    /// @param stepsSeen how many of them, each with all that its outcome depends on, some item in training takes
    public record HeldOut(
            String id,
            Metric metric,
            @Nullable Nearest nearest,
            @Nullable Integer otherSkins,
            @Nullable Integer sameFact,
            @Nullable Integer steps,
            @Nullable Integer stepsSeen) {
        /// Whether every step was seen.
        public boolean isCovered() {
            return steps != null && steps.equals(stepsSeen);
        }
    }

    /// The distances of one kind.
    ///
    /// @param items how many held-out items have that kind
    /// @param counts how many of them lie at each distance, by distance
    public record Distances(Metric metric, int items, Map<Long, Integer> counts) {
        /// How many were measured; for the others nothing in training is comparable.
        public int measured() {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /// The steps of all held-out items.
    ///
    /// @param items how many take steps
    /// @param covered how many of them take none that was not seen
    public record Coverage(int items, int covered, long steps, long seen) {}

    /// For how many held-out items something is the case.
    ///
    /// @param items those that it can be asked of
    public record Share(int items, int found) {}

    /// Measures every held-out item.
    ///
    /// @param items those that were split
    /// @param measured told after each
    public static SplitReport of(Split split, List<Item> items, Runnable measured) {
        Map<String, Item> byId = new HashMap<>();
        items.forEach(item -> byId.put(item.id(), item));
        var training = new Training(
                split.rule(), split.train().stream().map(id -> known(byId, id)).toList());
        List<HeldOut> heldOut = new ArrayList<>();
        for (String id : split.test()) {
            heldOut.add(training.measure(known(byId, id)));
            measured.run();
        }
        return new SplitReport(heldOut);
    }

    private static Item known(Map<String, Item> byId, String id) {
        Item item = byId.get(id);
        if (item == null) {
            throw new IllegalArgumentException("items: expected those of the split, got none with id " + id);
        }
        return item;
    }

    /// By kind, in the order of the items.
    public List<Distances> distances() {
        Map<Metric, List<HeldOut>> kinds = new LinkedHashMap<>();
        items.forEach(item ->
                kinds.computeIfAbsent(item.metric, key -> new ArrayList<>()).add(item));
        return kinds.entrySet().stream()
                .map(kind -> {
                    Map<Long, Integer> counts = new TreeMap<>();
                    for (HeldOut item : kind.getValue()) {
                        if (item.nearest != null) {
                            counts.merge(item.nearest.distance(), 1, Integer::sum);
                        }
                    }
                    return new Distances(kind.getKey(), kind.getValue().size(), counts);
                })
                .toList();
    }

    /// All steps together.
    public Coverage coverage() {
        int taking = 0;
        int covered = 0;
        long steps = 0;
        long seen = 0;
        for (HeldOut item : items) {
            if (item.steps != null && item.stepsSeen != null) {
                taking++;
                covered += item.isCovered() ? 1 : 0;
                steps += item.steps;
                seen += item.stepsSeen;
            }
        }
        return new Coverage(taking, covered, steps, seen);
    }

    /// The problems that are one of training under other names.
    public Share renamed() {
        return share(item -> item.nearest == null ? null : item.nearest.renamed());
    }

    /// The problems that are in training in another skin.
    public Share inOtherSkins() {
        return share(item -> item.otherSkins == null ? null : item.otherSkins > 0);
    }

    /// The items about a fact that training is about as well.
    public Share aboutSameFact() {
        return share(item -> item.sameFact == null ? null : item.sameFact > 0);
    }

    private Share share(Function<HeldOut, @Nullable Boolean> question) {
        int asked = 0;
        int found = 0;
        for (HeldOut item : items) {
            Boolean answer = question.apply(item);
            asked += answer == null ? 0 : 1;
            found += Boolean.TRUE.equals(answer) ? 1 : 0;
        }
        return new Share(asked, found);
    }

    /// The part to learn from, looked at in every way that items are compared.
    private static final class Training {
        private final SplitRule rule;
        private final Map<Metric, List<Item>> kinds = new HashMap<>();
        private final Map<Metric, Metric.Neighbourhood> neighbourhoods = new HashMap<>();
        private final Map<String, Map<String, Integer>> skins = new HashMap<>();
        private final Map<String, Integer> facts = new HashMap<>();
        private final Set<String> steps = new HashSet<>();

        Training(SplitRule rule, List<Item> train) {
            this.rule = rule;
            for (Item item : train) {
                kinds.computeIfAbsent(Metric.of(item, rule), key -> new ArrayList<>())
                        .add(item);
                if (item.skin() != null && item.problem() != null) {
                    skins.computeIfAbsent(item.problem(), key -> new HashMap<>())
                            .merge(item.skin(), 1, Integer::sum);
                }
                if (item.fact() != null) {
                    facts.merge(item.fact(), 1, Integer::sum);
                }
                steps.addAll(item.steps());
            }
        }

        HeldOut measure(Item item) {
            Metric metric = Metric.of(item, rule);
            List<String> taken = item.steps();
            String fact = item.fact();
            return new HeldOut(
                    item.id(),
                    metric,
                    neighbourhoods
                            .computeIfAbsent(metric, key -> key.among(kinds.getOrDefault(key, List.of())))
                            .nearest(item),
                    otherSkins(item),
                    fact == null ? null : facts.getOrDefault(fact, 0),
                    taken.isEmpty() ? null : taken.size(),
                    taken.isEmpty()
                            ? null
                            : (int) taken.stream().filter(steps::contains).count());
        }

        private @Nullable Integer otherSkins(Item item) {
            String problem = item.problem();
            String skin = item.skin();
            if (problem == null || skin == null) {
                return null;
            }
            return skins.getOrDefault(problem, Map.of()).entrySet().stream()
                    .filter(told -> !told.getKey().equals(skin))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }
    }
}
