package dev.wellspring.queries.task.language;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Lists of `x -> y`: each document follows one of many mappings from symbols to symbols, and shows some of its
/// pairs again and again. With few mappings they can be learnt by heart, with many they must be read in the list.
///
/// @param seed what the mappings are drawn with
/// @param symbols from 2 to 26, called `a`, `b` and so on; each is mapped to any of them
public record Mappings(long seed, int symbols) {
    /// Checks the number of symbols.
    public Mappings {
        if (symbols < 2 || symbols > 26) {
            throw new IllegalArgumentException("symbols: expected 2 to 26, got " + symbols);
        }
    }

    /// A mapping by its number: what each symbol is mapped to.
    public List<Integer> mapping(int number) {
        SplittableRandom random = new SplittableRandom(seed ^ (number + 1) * 0x9E3779B97F4A7C15L);
        return IntStream.range(0, symbols)
                .mapToObj(symbol -> random.nextInt(symbols))
                .toList();
    }

    /// Symbols for a list: some are in use, each at least once if the list is that long, in random order.
    public List<Integer> draw(int inUse, int pairs, SplittableRandom random) {
        List<Integer> used =
                Shuffle.of(IntStream.range(0, symbols).boxed().toList(), random).subList(0, inUse);
        List<Integer> drawn = new ArrayList<>(used.subList(0, Math.min(inUse, pairs)));
        while (drawn.size() < pairs) {
            drawn.add(used.get(random.nextInt(inUse)));
        }
        return Shuffle.of(drawn, random);
    }

    /// The list of a mapping, a pair in each line.
    public String text(int number, List<Integer> drawn) {
        List<Integer> mapping = mapping(number);
        return drawn.stream()
                .map(symbol -> question(symbol) + " " + name(mapping.get(symbol)) + "\n")
                .collect(Collectors.joining());
    }

    /// The beginning of a pair: `x ->`.
    public static String question(int symbol) {
        return name(symbol) + " ->";
    }

    /// The name of a symbol: a letter.
    public static String name(int symbol) {
        return Character.toString('a' + symbol);
    }
}
