package dev.wellspring.cli;

import dev.wellspring.analysis.CrossQueryCorrelation;
import dev.wellspring.analysis.Retrieval;
import dev.wellspring.analysis.Spread;
import dev.wellspring.analysis.TotalInfluence;
import dev.wellspring.queries.synthesis.CanaryQueries;
import dev.wellspring.queries.synthesis.Role;
import dev.wellspring.run.score.ScoredQuery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// What the scores of the demonstration say, as far as the truth about its documents decides it. Everything about
/// facts is about those that the model answers.
///
/// @param documents how many were ranked
/// @param top how many are called the top: half a percent
/// @param answered by kind and task, how well the model does without attribution
/// @param facts whether the documents that state a fact come first
/// @param repetition the same by how many documents state it
/// @param planted reasoning queries whose answer stands in a document of its own
/// @param notPlanted reasoning queries whose answer stands in documents by coincidence, if at all
/// @param canaries whether documents that alone hold an answer come first
/// @param correlation of the influences of pairs of queries, by what the two are
/// @param influence of all documents together, per nat, by kind
record DemoFindings(
        int documents,
        int top,
        SortedMap<String, Answered> answered,
        Bearing facts,
        SortedMap<Integer, Repeated> repetition,
        Answers planted,
        Answers notPlanted,
        Bearing canaries,
        Map<String, Spread> correlation,
        Map<String, Total> influence) {
    /// What is called the top: 0.5 %, as in Ruis et al. the top 500 are of a larger corpus.
    static final double TOP = 0.005;

    private static final double FIRST = 0.01;

    /// How well the model does.
    ///
    /// @param queries how many there are
    /// @param answered how many completions greedy decoding writes, token for token
    /// @param loss per token, in nats
    record Answered(int queries, int answered, double loss) {}

    /// Whether documents that bear the answer are in the top.
    ///
    /// @param queries how many were looked at
    /// @param found for how many of them at least one is in the top
    /// @param expected how many of them a ranking by lot would give
    /// @param rank of the first such document
    /// @param bm25Found the same in a ranking by word overlap
    /// @param bm25Rank likewise
    record Bearing(int queries, int found, double expected, Spread rank, int bm25Found, Spread bm25Rank) {}

    /// @param bearing whether they are in the top
    /// @param each the influence of one document that states the fact, in nats, the mean
    /// @param all of all that state it, the mean
    record Repeated(Bearing bearing, double each, double all) {}

    /// Documents that hold the answer to a reasoning query.
    ///
    /// @param queries how many queries
    /// @param plantedFound for how many the planted answer is in the top
    /// @param plantedRank its rank
    /// @param holding how many have a document that holds the same answer without having been planted for them
    /// @param holdingFound for how many of those one is in the top
    /// @param expected how many that would be, were the documents ranked by lot
    /// @param shuffled how many that would be in the rankings of other queries of the same task
    record Answers(
            int queries,
            int plantedFound,
            Spread plantedRank,
            int holding,
            int holdingFound,
            double expected,
            double shuffled) {}

    /// @param positive the sum of the positive scores, per nat
    /// @param topShare the share of it that the first percent of the documents has
    record Total(Spread positive, Spread topShare) {}

    /// @param answered which queries the model answers, by number
    static DemoFindings of(LabelledRun run, BitSet answered) {
        return new Looking(run, answered).findings();
    }

    /// One look at a run.
    private record Looking(LabelledRun run, BitSet answered) {
        DemoFindings findings() {
            int[] facts = run.queries(query -> isFact(query));
            int[] known = IntStream.of(facts).filter(answered::get).toArray();
            int[] reasoning = run.queries(query -> query.kind().equals("reasoning"));
            IntPredicate isPlanted = q -> !planted(q, Role.ANSWER_FACT).isEmpty();
            int documents = run.documents().size();
            return new DemoFindings(
                    documents,
                    (int) Math.ceil(TOP * documents),
                    ability(),
                    bearing(known),
                    repetition(known),
                    answers(IntStream.of(reasoning).filter(isPlanted).toArray(), reasoning),
                    answers(IntStream.of(reasoning).filter(isPlanted.negate()).toArray(), reasoning),
                    canaries(),
                    correlation(known, reasoning),
                    influence(known, reasoning));
        }

        private static boolean isFact(ScoredQuery query) {
            return query.kind().equals("factual") && !query.family().equals(CanaryQueries.FAMILY);
        }

        private SortedMap<String, Answered> ability() {
            SortedMap<String, List<Integer>> groups = new TreeMap<>();
            for (int q = 0; q < run.queries().size(); q++) {
                ScoredQuery query = run.queries().get(q);
                groups.computeIfAbsent(query.kind() + ", " + query.family(), _ -> new ArrayList<>())
                        .add(q);
            }
            SortedMap<String, Answered> ability = new TreeMap<>();
            groups.forEach((name, group) -> ability.put(
                    name,
                    new Answered(
                            group.size(),
                            (int) group.stream().filter(answered::get).count(),
                            sum(group, false) / sum(group, true))));
            return ability;
        }

        private double sum(Collection<Integer> group, boolean tokens) {
            return group.stream()
                    .map(run.queries()::get)
                    .mapToDouble(query -> tokens ? query.tokens() : query.loss())
                    .sum();
        }

        private Bearing bearing(int[] queries) {
            return bearing(
                    queries,
                    q -> run.documents(document ->
                            document.query().equals(run.queries().get(q).id())));
        }

        private Bearing canaries() {
            int[] queries = run.queries(query -> query.family().equals(CanaryQueries.FAMILY));
            return bearing(
                    queries,
                    q -> run.documents(document -> document.role().equals(Role.CANARY.label())
                            && document.answers().equals(run.answers(q))));
        }

        private Bearing bearing(int[] queries, IntFunction<BitSet> bearers) {
            List<Retrieval> influence = new ArrayList<>();
            List<Retrieval> bm25 = new ArrayList<>();
            for (int q : queries) {
                BitSet bearing = bearers.apply(q);
                influence.add(Retrieval.of(run.influence()[q], bearing, TOP));
                bm25.add(Retrieval.of(run.bm25()[q], bearing, TOP));
            }
            return new Bearing(
                    queries.length,
                    found(influence),
                    influence.stream().mapToDouble(Retrieval::chance).sum(),
                    ranks(influence),
                    found(bm25),
                    ranks(bm25));
        }

        private static int found(List<Retrieval> looked) {
            return (int) looked.stream().filter(Retrieval::any).count();
        }

        private static Spread ranks(List<Retrieval> looked) {
            return Spread.of(looked.stream()
                    .mapToDouble(one -> one.best() == 0 ? Double.NaN : one.best())
                    .toArray());
        }

        private SortedMap<Integer, Repeated> repetition(int[] facts) {
            SortedMap<Integer, Repeated> found = new TreeMap<>();
            for (int repetition :
                    IntStream.of(facts).map(this::repetition).distinct().toArray()) {
                int[] some = IntStream.of(facts)
                        .filter(q -> repetition(q) == repetition)
                        .toArray();
                double[] sums = IntStream.of(some)
                        .mapToDouble(q ->
                                run
                                        .documents(document -> document.query()
                                                .equals(run.queries().get(q).id()))
                                        .stream()
                                        .mapToDouble(d -> run.influence()[q][d])
                                        .sum())
                        .toArray();
                double all = Spread.of(sums).mean();
                found.put(repetition, new Repeated(bearing(some), all / repetition, all));
            }
            return found;
        }

        private int repetition(int query) {
            return run.queries()
                    .get(query)
                    .extras()
                    .at("/coordinates/repetition")
                    .asInt();
        }

        private BitSet planted(int query, Role role) {
            return run.documents(document -> document.role().equals(role.label())
                    && document.query().equals(run.queries().get(query).id()));
        }

        /// Documents that hold a query's answer by coincidence.
        private BitSet holding(int query) {
            return run.documents(document ->
                    !document.query().equals(run.queries().get(query).id())
                            && run.answers(query).stream().anyMatch(document.answers()::contains));
        }

        private Answers answers(int[] queries, int[] reasoning) {
            List<Retrieval> planted = new ArrayList<>();
            List<Retrieval> holding = new ArrayList<>();
            double shuffled = 0;
            for (int q : queries) {
                planted.add(Retrieval.of(run.influence()[q], planted(q, Role.ANSWER_FACT), TOP));
                BitSet holds = holding(q);
                if (!holds.isEmpty()) {
                    holding.add(Retrieval.of(run.influence()[q], holds, TOP));
                    shuffled += elsewhere(q, holds, reasoning);
                }
            }
            return new Answers(
                    queries.length,
                    found(planted),
                    ranks(planted),
                    holding.size(),
                    found(holding),
                    holding.stream().mapToDouble(Retrieval::chance).sum(),
                    shuffled);
        }

        /// In how many of the rankings of other queries of the task one of the documents is in the top, as a share.
        private double elsewhere(int query, BitSet documents, int[] reasoning) {
            return IntStream.of(reasoning)
                    .filter(other -> other != query && task(other).equals(task(query)))
                    .filter(other -> !run.answers(other).equals(run.answers(query)))
                    .mapToDouble(other ->
                            Retrieval.of(run.influence()[other], documents, TOP).any() ? 1 : 0)
                    .average()
                    .orElse(0);
        }

        private String task(int query) {
            return run.queries().get(query).family();
        }

        private Map<String, Spread> correlation(int[] facts, int[] reasoning) {
            var correlation = CrossQueryCorrelation.of(run.influence());
            Map<String, Spread> found = new LinkedHashMap<>();
            Map<String, int[]> tasks = new LinkedHashMap<>();
            for (int q : reasoning) {
                tasks.computeIfAbsent(
                        task(q),
                        name -> run.queries(query ->
                                query.family().equals(name) && query.kind().equals("reasoning")));
            }
            tasks.forEach((task, group) -> found.put("reasoning, both " + task, correlation.within(group)));
            List<int[]> groups = List.copyOf(tasks.values());
            for (int i = 1; i < groups.size(); i++) {
                found.put(
                        i == 1 ? "reasoning, two tasks" : "reasoning, two tasks, " + i,
                        correlation.across(groups.get(i - 1), groups.get(i)));
            }
            found.put("factual, both", correlation.within(facts));
            int[] controls = run.queries(query -> query.kind().equals("control") && tasks.containsKey(query.family()));
            found.put("reasoning and its controls", correlation.across(reasoning, controls));
            found.put("factual and reasoning", correlation.across(facts, reasoning));
            return found;
        }

        private Map<String, Total> influence(int[] facts, int[] reasoning) {
            Map<String, Total> found = new LinkedHashMap<>();
            found.put("factual", total(facts));
            found.put("reasoning", total(reasoning));
            found.put("control", total(run.queries(query -> query.kind().equals("control"))));
            return found;
        }

        private Total total(int[] queries) {
            List<TotalInfluence> totals = Arrays.stream(queries)
                    .mapToObj(q -> TotalInfluence.of(
                            run.influence()[q], run.queries().get(q).loss(), FIRST))
                    .toList();
            return new Total(
                    Spread.of(totals.stream()
                            .mapToDouble(TotalInfluence::positive)
                            .toArray()),
                    Spread.of(totals.stream()
                            .mapToDouble(TotalInfluence::topShare)
                            .toArray()));
        }
    }
}
