package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Blocks on a table and one hand: four actions, five predicates. With an empty hand there are 13, 73 and 501
/// states of 3, 4 and 5 blocks, so 156, 5,256 and 250,500 ordered pairs of different states.
///
/// @param blocks 2 to 5, called `a`, `b` and so on
public record Blocksworld(int blocks) implements World {
    private static final List<String> NAMES =
            "abcdefghijkl".chars().mapToObj(Character::toString).toList();
    private static final Fact EMPTY = Fact.of("handempty");
    private static final Domain DOMAIN = new Domain(
            "blocksworld",
            List.of(
                    new Operator(
                            "pick-up",
                            List.of("?x"),
                            List.of(Fact.of("clear", "?x"), Fact.of("ontable", "?x"), EMPTY),
                            List.of(Fact.of("holding", "?x")),
                            List.of(Fact.of("clear", "?x"), Fact.of("ontable", "?x"), EMPTY)),
                    new Operator(
                            "unstack",
                            List.of("?x", "?y"),
                            List.of(Fact.of("on", "?x", "?y"), Fact.of("clear", "?x"), EMPTY),
                            List.of(Fact.of("holding", "?x"), Fact.of("clear", "?y")),
                            List.of(Fact.of("on", "?x", "?y"), Fact.of("clear", "?x"), EMPTY)),
                    new Operator(
                            "put-down",
                            List.of("?x"),
                            List.of(Fact.of("holding", "?x")),
                            List.of(Fact.of("clear", "?x"), EMPTY, Fact.of("ontable", "?x")),
                            List.of(Fact.of("holding", "?x"))),
                    new Operator(
                            "stack",
                            List.of("?x", "?y"),
                            List.of(Fact.of("clear", "?y"), Fact.of("holding", "?x")),
                            List.of(EMPTY, Fact.of("clear", "?x"), Fact.of("on", "?x", "?y")),
                            List.of(Fact.of("clear", "?y"), Fact.of("holding", "?x")))),
            Set.of("on", "ontable"));

    /// Checks the number of blocks.
    public Blocksworld {
        if (blocks < 2 || blocks > 5) {
            throw CorpusException.at(
                    "parameter blocks", "2 to 5", String.valueOf(blocks), "choose a number in that range");
        }
    }

    @Override
    public Domain domain() {
        return DOMAIN;
    }

    @Override
    public List<String> universe() {
        return NAMES;
    }

    /// The states with an empty hand, the one with every block on the table first.
    public List<State> states() {
        return graph().from(flat(objects())).states().stream()
                .filter(state -> state.holds(EMPTY))
                .toList();
    }

    /// The graph of all states, also of those with a block in the hand.
    public StateGraph graph() {
        return StateGraph.of(new Problem(DOMAIN, objects(), flat(objects()), List.of()));
    }

    /// Goal: the towers of a random state, from another random state.
    @Override
    public Problem draw(SplittableRandom random) {
        List<State> states = states();
        while (true) {
            State start = states.get(random.nextInt(states.size()));
            List<Fact> goal = states.get(random.nextInt(states.size())).of(Set.of("on"));
            if (!start.holdsAll(goal)) {
                return new Problem(DOMAIN, objects(), start, goal);
            }
        }
    }

    /// Every block on the table; goal: one tower; each round puts the next block on it. Every block but the lowest
    /// must move, and a move takes two actions, so no plan is shorter.
    @Override
    public Solved loop(int rounds, SplittableRandom random) {
        List<String> names = NAMES.subList(0, rounds + 1);
        List<String> tower = World.shuffled(names, random);
        List<Fact> goal = new ArrayList<>();
        List<Step> plan = new ArrayList<>();
        for (int i = 1; i < tower.size(); i++) {
            goal.add(Fact.of("on", tower.get(i), tower.get(i - 1)));
            plan.add(Step.of("pick-up", tower.get(i)));
            plan.add(Step.of("stack", tower.get(i), tower.get(i - 1)));
        }
        return new Solved(new Problem(DOMAIN, names, flat(names), goal), plan);
    }

    @Override
    public int maxRounds() {
        return NAMES.size() - 1;
    }

    /// What all problems that differ by the blocks' names alone have in common.
    static String orbit(Problem problem) {
        return renamings(problem.objects()).stream()
                .map(names -> renamed(problem.start().facts(), names) + " > " + renamed(problem.goal(), names))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /// The number of each state when the blocks are renamed, once for every renaming.
    ///
    /// @return (renamings, states), by the order of [#states]
    public int[][] renamings() {
        List<State> states = states();
        Map<State, Integer> numbers = new HashMap<>();
        states.forEach(state -> numbers.put(state, numbers.size()));
        return renamings(objects()).stream()
                .map(names -> states.stream()
                        .map(state -> renamed(state.facts(), names))
                        .mapToInt(numbers::get)
                        .toArray())
                .toArray(int[][]::new);
    }

    private static List<Map<String, String>> renamings(List<String> objects) {
        return permutations(objects).stream()
                .map(names -> {
                    Map<String, String> renamed = new HashMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        renamed.put(objects.get(i), names.get(i));
                    }
                    return renamed;
                })
                .toList();
    }

    private static State renamed(List<Fact> facts, Map<String, String> names) {
        return new State(facts.stream().map(fact -> fact.with(names)).toList());
    }

    private static List<List<String>> permutations(List<String> names) {
        if (names.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : names) {
            List<String> rest =
                    names.stream().filter(name -> !name.equals(first)).toList();
            permutations(rest)
                    .forEach(tail -> all.add(
                            Stream.concat(Stream.of(first), tail.stream()).toList()));
        }
        return all;
    }

    /// The state with these towers, `ab c` being `a` on `b`, and `c` alone.
    public static State towers(String text) {
        List<Fact> facts = new ArrayList<>(List.of(EMPTY));
        for (String tower : text.split(" ", -1)) {
            facts.add(Fact.of("clear", tower.substring(0, 1)));
            for (int i = 0; i + 1 < tower.length(); i++) {
                facts.add(Fact.of("on", tower.substring(i, i + 1), tower.substring(i + 1, i + 2)));
            }
            facts.add(Fact.of("ontable", tower.substring(tower.length() - 1)));
        }
        return new State(facts);
    }

    List<String> objects() {
        return NAMES.subList(0, blocks);
    }

    private static State flat(List<String> names) {
        return new State(Stream.concat(
                        Stream.of(EMPTY),
                        names.stream().flatMap(name -> Stream.of(Fact.of("clear", name), Fact.of("ontable", name))))
                .toList());
    }
}
