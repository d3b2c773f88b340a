package dev.wellspring.analysis;

import dev.wellspring.analysis.AnswerFindings.Needle;
import dev.wellspring.analysis.AnswerFindings.Sort;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Ranks;
import dev.wellspring.validation.Bootstrap;
import dev.wellspring.validation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Looks for the answers of queries in the texts of all documents, and then where the documents that hold
/// them stand in the queries' rankings. [AnswerText] says when a text holds an answer.
///
/// Takes a bit for each document and different answer, and 24 bytes for each document and thread.
public final class AnswerSearch {
    private static final long SEED = 0;

    private final List<AnalysedQuery> queries;
    private final List<Wanted> wanted;
    private final Map<String, BitSet> holders = new LinkedHashMap<>();
    private final List<BitSet> ofAnswer;
    private final AnswerAutomaton automaton;

    /// What is looked for on behalf of a query.
    ///
    /// @param answers any of which will do
    /// @param steps the results of the steps before the answer
    public record Wanted(List<String> answers, List<String> steps) {}

    /// @param wanted (queries)
    public AnswerSearch(List<AnalysedQuery> queries, List<Wanted> wanted) {
        this.queries = List.copyOf(queries);
        this.wanted = List.copyOf(wanted);
        for (Wanted one : wanted) {
            one.answers().forEach(answer -> holders.put(answer, new BitSet()));
            one.steps().forEach(step -> holders.put(step, new BitSet()));
        }
        this.ofAnswer = List.copyOf(holders.values());
        this.automaton = new AnswerAutomaton(List.copyOf(holders.keySet()));
    }

    /// Looks through a document.
    ///
    /// @param document its number
    public void accept(int document, String text) {
        automaton.find(text).stream().forEach(answer -> ofAnswer.get(answer).set(document));
    }

    /// Which of a query's answers, and of the results of its steps, a document holds.
    ///
    /// @param document its number, looked through before
    public List<String> held(int query, int document) {
        return Stream.concat(wanted.get(query).answers().stream(), wanted.get(query).steps().stream())
                .distinct()
                .filter(text -> holders.getOrDefault(text, new BitSet()).get(document))
                .toList();
    }

    /// Where the documents stand that hold answers.
    ///
    /// @param documents how many there are
    /// @param scores (documents) what a query ranks documents by, largest first; equal ones rank in their
    /// order. Asked for from several threads
    public AnswerFindings finish(int documents, IntFunction<double[]> scores, RowParallel parallel) {
        List<Long> depths = Depths.of(documents);
        Needle[][] found = new Needle[queries.size()][];
        parallel.forRanges(found.length, (from, to) -> {
            for (int q = (int) from; q < to; q++) {
                found[q] = needles(q, documents, depths, scores);
            }
        });
        List<Needle> needles = Arrays.stream(found).flatMap(Arrays::stream).toList();
        List<AnswerFindings.OfGroup> groups = new ArrayList<>();
        for (QueryGroup group : QueryGroup.of(queries)) {
            for (Sort sort : Sort.values()) {
                List<List<Needle>> some = IntStream.of(group.queries())
                        .mapToObj(q -> Arrays.stream(found[q])
                                .filter(needle -> needle.sort() == sort)
                                .toList())
                        .filter(ofQuery -> !ofQuery.isEmpty())
                        .toList();
                for (int k = 0; k < depths.size() && !some.isEmpty(); k++) {
                    groups.add(mean(group, sort, depths.get(k), k, some));
                }
            }
        }
        return new AnswerFindings(documents, depths, needles, List.copyOf(groups));
    }

    private Needle[] needles(int query, int documents, List<Long> depths, IntFunction<double[]> scores) {
        Wanted own = wanted.get(query);
        if (own.answers().isEmpty() && own.steps().isEmpty()) {
            return new Needle[0];
        }
        int[] places = Ranks.places(scores.apply(query));
        List<Needle> needles = new ArrayList<>();
        if (!own.answers().isEmpty()) {
            needles.add(needle(query, Sort.ANSWER, 0, own.answers(), places, documents, depths));
        }
        for (int step = 0; step < own.steps().size(); step++) {
            List<String> result = List.of(own.steps().get(step));
            needles.add(needle(query, Sort.STEP, step + 1, result, places, documents, depths));
        }
        return needles.toArray(Needle[]::new);
    }

    private Needle needle(
            int query, Sort sort, int step, List<String> texts, int[] places, int documents, List<Long> depths) {
        var holding = new BitSet();
        texts.forEach(text -> holding.or(holders.getOrDefault(text, new BitSet())));
        int[] stands = holding.stream().map(d -> places[d]).sorted().toArray();
        int count = stands.length;
        return new Needle(
                query,
                sort,
                step,
                List.copyOf(texts),
                count,
                count == 0 ? 0 : stands[0],
                depths.stream()
                        .mapToLong(k -> Arrays.stream(stands)
                                .takeWhile(place -> place <= k)
                                .count())
                        .toArray(),
                depths.stream().mapToDouble(k -> (double) k * count / documents).toArray(),
                depths.stream().mapToDouble(k -> chance(documents, count, k)).toArray());
    }

    /// How likely at least one of so many documents is among k that are drawn at random:
    /// `1 − C(documents − k, holding) / C(documents, holding)`.
    static double chance(long documents, long holding, long k) {
        long draws = Math.min(holding, k);
        long others = Math.max(holding, k);
        double none = 1;
        for (long i = 0; i < draws && none > 0; i++) {
            none *= Math.max(0, (double) (documents - others - i) / (documents - i));
        }
        return 1 - none;
    }

    /// @param some for each query what was looked for
    private static AnswerFindings.OfGroup mean(
            QueryGroup group, Sort sort, long depth, int k, List<List<Needle>> some) {
        double[] all = some.stream()
                .mapToDouble(ofQuery -> ofQuery.stream().allMatch(needle -> needle.found()[k] > 0) ? 1 : 0)
                .toArray();
        Interval any = Bootstrap.mean(all, SEED);
        double chance = some.stream()
                .mapToDouble(ofQuery -> ofQuery.stream()
                        .mapToDouble(needle -> needle.chance()[k])
                        .reduce(1, (one, other) -> one * other))
                .average()
                .orElse(Double.NaN);
        double found = some.stream()
                .flatMap(List::stream)
                .mapToDouble(needle -> needle.found()[k])
                .sum();
        double expected = some.stream()
                .flatMap(List::stream)
                .mapToDouble(needle -> needle.expected()[k])
                .sum();
        return new AnswerFindings.OfGroup(group, sort, depth, some.size(), any, chance, found / expected);
    }
}
