package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
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
                            List.of(Fact.of("clear", "?x"), Fact.of("ontable", "?x"), EMPTY),
                            1),
                    new Operator(
                            "unstack",
                            List.of("?x", "?y"),
                            List.of(Fact.of("on", "?x", "?y"), Fact.of("clear", "?x"), EMPTY),
                            List.of(Fact.of("holding", "?x"), Fact.of("clear", "?y")),
                            List.of(Fact.of("on", "?x", "?y"), Fact.of("clear", "?x"), EMPTY),
                            1),
                    new Operator(
                            "put-down",
                            List.of("?x"),
                            List.of(Fact.of("holding", "?x")),
                            List.of(Fact.of("clear", "?x"), EMPTY, Fact.of("ontable", "?x")),
                            List.of(Fact.of("holding", "?x")),
                            1),
                    new Operator(
                            "stack",
                            List.of("?x", "?y"),
                            List.of(Fact.of("clear", "?y"), Fact.of("holding", "?x")),
                            List.of(EMPTY, Fact.of("clear", "?x"), Fact.of("on", "?x", "?y")),
                            List.of(Fact.of("clear", "?y"), Fact.of("holding", "?x")),
                            1)),
            Set.of("on", "ontable"),
            Map.of());

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

    /// The number of each state when the blocks are renamed, once for every renaming.
    ///
    /// @return (renamings, states), by the order of [#states]
    public int[][] renamings() {
        return new Orbits(objects()).renumbered(states());
    }

    /// Goal: the towers of a random state, from another random state.
    @Override
    public Problem draw(SplittableRandom random) {
        while (true) {
            State start = state(random);
            List<Fact> goal = state(random).of(Set.of("on"));
            if (!start.holdsAll(goal)) {
                return new Problem(DOMAIN, objects(), start, goal);
            }
        }
    }

    /// A state with an empty hand, each as likely as any other. There are C(n − 1, k − 1) n! / k! with k towers: n!
    /// orders of the blocks, cut in so many ways into k parts, whose order does not count.
    State state(SplittableRandom random) {
        List<String> order = World.shuffled(objects(), random);
        long[] ways = new long[blocks + 1];
        long cuts = 1;
        for (int towers = 1; towers <= blocks; towers++) {
            long rest = 1;
            for (int i = towers + 1; i <= blocks; i++) {
                rest *= i;
            }
            ways[towers] = cuts * rest;
            cuts = cuts * (blocks - towers) / towers;
        }
        long drawn = random.nextLong(Arrays.stream(ways).sum());
        int towers = 0;
        while (drawn >= 0) {
            drawn -= ways[++towers];
        }
        Set<Integer> ends =
                new TreeSet<>(World.shuffled(IntStream.range(1, blocks).boxed().toList(), random)
                        .subList(0, towers - 1));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < blocks; i++) {
            text.append(ends.contains(i) ? " " : "").append(order.get(i));
        }
        return towers(text.toString());
    }

    /// Every block on the table; goal: one tower; each round puts the next block on it. Every block but the lowest
    /// must move, and a move takes two actions, so no plan is shorter.
    @Override
    public Solved loop(int rounds, SplittableRandom random) {
        List<String> tower = World.shuffled(NAMES, random).subList(0, rounds + 1);
        List<String> names = tower.stream().sorted().toList();
        List<Fact> goal = new ArrayList<>();
        List<Step> plan = new ArrayList<>();
        for (int i = 1; i < tower.size(); i++) {
            goal.add(Fact.of("on", tower.get(i), tower.get(i - 1)));
            plan.add(Step.of("pick-up", tower.get(i)));
            plan.add(Step.of("stack", tower.get(i), tower.get(i - 1)));
        }
        Collections.sort(goal);
        return new Solved(new Problem(DOMAIN, names, flat(names), goal), plan);
    }

    @Override
    public int maxRounds() {
        return NAMES.size() - 1;
    }

    @Override
    public boolean carries(State state) {
        return !state.holds(EMPTY);
    }

    /// The block in the hand lands on a random clear one.
    @Override
    public State surprise(Problem problem, State state, SplittableRandom random) {
        String held = state.of(Set.of("holding")).getFirst().arguments().getFirst();
        List<Fact> clear = state.of(Set.of("clear"));
        Fact under = clear.get(random.nextInt(clear.size()));
        return state.change(
                List.of(under, Fact.of("holding", held)),
                List.of(
                        EMPTY,
                        Fact.of("clear", held),
                        Fact.of("on", held, under.arguments().getFirst())));
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
