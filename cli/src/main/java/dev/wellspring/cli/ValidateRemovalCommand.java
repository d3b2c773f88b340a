package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.Baselines;
import dev.wellspring.run.retrain.Retraining;
import dev.wellspring.train.Evaluation.Outcome;
import dev.wellspring.validation.Bootstrap;
import dev.wellspring.validation.Interval;
import dev.wellspring.validation.Removal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring validate removal`: what becomes of queries without their most influential documents.
@Command(
        name = "removal",
        header = "Retrain without the most influential documents, and without others.",
        description = {
            "",
            "Takes some queries that the model answers, and trains it again without the k documents for each that a ranking"
                    + " puts first: by influence, by nearness, at random, and the least influential. If influence means"
                    + " what it says, the loss of those queries rises most without the first, and other queries do not"
                    + " suffer.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = "  wellspring validate removal --model model --documents corpus.jsonl --queries queries.jsonl \\%n"
                + "    --chosen 20 -k 35 --seeds 3 --out removal")
final class ValidateRemovalCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String NOTHING = "nothing";

    @ParentCommand
    private ValidateCommand parent;

    @Mixin
    private RetrainingOptions options = new RetrainingOptions();

    @Option(
            names = "--chosen",
            paramLabel = "N",
            defaultValue = "20",
            description = "So many queries, drawn from those the model answers; the rest are the others."
                    + " Default: ${DEFAULT-VALUE}.")
    private int chosen = 20;

    @Option(
            names = "-k",
            paramLabel = "K",
            defaultValue = "35",
            description = "Documents that are removed for each query. Default: ${DEFAULT-VALUE}.")
    private int k = 35;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Trainings of each kind, from seeds of their own. Default: ${DEFAULT-VALUE}.")
    private int seeds = 3;

    @Option(
            names = "--damping",
            paramLabel = "D",
            defaultValue = "0.1x",
            description = "As for score. Default: ${DEFAULT-VALUE}.")
    private String damping = "0.1x";

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    /// What retraining made of the queries.
    ///
    /// @param removed how many documents were taken away
    /// @param losses (seeds, queries)
    /// @param exact (seeds, queries)
    private record Result(int removed, double[][] losses, boolean[][] exact) {}

    @Override
    public Integer call() throws IOException {
        Wellspring wellspring = parent.wellspring();
        Map<String, Result> results = new LinkedHashMap<>();
        List<Integer> selected;
        List<String> ids;
        try (RunScope scope = wellspring.open(run);
                Engine engine = new Engine(scope, compute);
                RetrainingBench bench = new RetrainingBench(options, engine.budget(run), engine)) {
            Files.createDirectories(options.out);
            selected = select(bench);
            Map<String, BitSet> removals = removals(wellspring, bench, selected);
            List<Retraining> models = new ArrayList<>();
            removals.values().forEach(removed -> models.addAll(trainings(bench, removed)));
            bench.bank().train(models);
            for (Map.Entry<String, BitSet> removal : removals.entrySet()) {
                results.put(removal.getKey(), result(bench, removal.getValue()));
            }
            ids = bench.queries().stream().map(query -> query.id()).toList();
        } catch (Step.FailedException failed) {
            return failed.status();
        }
        Path file = options.out.resolve("removal.json");
        WholeFile.write(file, JSON.writeValueAsString(json(results, selected, ids)) + "\n");
        print(results, selected, wellspring.terminal().out());
        wellspring.terminal().out().println(file);
        return ExitStatus.DONE;
    }

    /// Queries that the model answers, drawn at random.
    private List<Integer> select(RetrainingBench bench) throws IOException {
        var whole = new Retraining(new BitSet(), bench.recipe().seed());
        bench.bank().train(List.of(whole));
        List<Outcome> outcomes = bench.bank().evaluate(whole, bench.sequences());
        int[] answered = IntStream.range(0, outcomes.size())
                .filter(q -> outcomes.get(q).exact())
                .toArray();
        if (answered.length < 1) {
            throw new BadInputException("--queries: expected some that the model answers, found none of "
                    + outcomes.size() + "; train it longer, or give queries about its documents");
        }
        return Removal.random(answered.length, chosen, run.seed).stream()
                .map(i -> answered[i])
                .boxed()
                .toList();
    }

    /// By what they are called.
    private Map<String, BitSet> removals(Wellspring wellspring, RetrainingBench bench, List<Integer> selected) {
        var runs = options.scoring(wellspring, compute, run);
        double[][] influence = of(
                selected,
                runs.scores("ekfac", "sampled", damping, options.modules, options.queries)
                        .raw());
        double[][] grid = Nearness.scores(bench);
        double[][] near =
                of(selected, grid == null ? Baselines.bm25(bench.documentTokens(), bench.queryTokens()) : grid);
        int documents = bench.documents().size();
        BitSet top = Removal.top(influence, k);
        Map<String, BitSet> removals = new LinkedHashMap<>();
        removals.put(NOTHING, new BitSet());
        removals.put("random", Removal.random(documents, top.cardinality(), run.seed + 1));
        removals.put("least influential", Removal.bottom(influence, k));
        removals.put(grid == null ? "nearest by bm25" : "nearest on the grid", Removal.top(near, k));
        removals.put("most influential", top);
        return removals;
    }

    private static double[][] of(List<Integer> queries, double[][] scores) {
        return queries.stream().map(q -> scores[q]).toArray(double[][]::new);
    }

    private List<Retraining> trainings(RetrainingBench bench, BitSet removed) {
        return IntStream.range(0, seeds)
                .mapToObj(seed -> new Retraining(removed, bench.recipe().seed() + seed))
                .toList();
    }

    private Result result(RetrainingBench bench, BitSet removed) throws IOException {
        int queries = bench.queries().size();
        var result = new Result(removed.cardinality(), new double[seeds][queries], new boolean[seeds][queries]);
        List<Retraining> models = trainings(bench, removed);
        for (int seed = 0; seed < seeds; seed++) {
            List<Outcome> outcomes = bench.bank().evaluate(models.get(seed), bench.sequences());
            for (int q = 0; q < queries; q++) {
                result.losses()[seed][q] = outcomes.get(q).loss();
                result.exact()[seed][q] = outcomes.get(q).exact();
            }
        }
        return result;
    }

    private static double[] values(double[][] losses, List<Integer> queries) {
        return Arrays.stream(losses)
                .flatMapToDouble(ofSeed -> queries.stream().mapToDouble(q -> ofSeed[q]))
                .toArray();
    }

    /// The rise of the loss against nothing removed, per query the mean over the seeds.
    private Interval rise(Result result, Result nothing, List<Integer> queries) {
        double[] rises = queries.stream()
                .mapToDouble(q -> IntStream.range(0, seeds)
                        .mapToDouble(seed -> result.losses()[seed][q] - nothing.losses()[seed][q])
                        .average()
                        .orElse(Double.NaN))
                .toArray();
        return Bootstrap.mean(rises, run.seed);
    }

    private static double share(boolean[][] exact, List<Integer> queries) {
        return Arrays.stream(exact)
                .flatMap(ofSeed -> queries.stream().map(q -> ofSeed[q] ? 1.0 : 0.0))
                .mapToDouble(one -> one)
                .average()
                .orElse(Double.NaN);
    }

    private static double geometric(double[] losses) {
        return Math.exp(Arrays.stream(losses)
                .map(loss -> Math.log(Math.max(loss, 1e-12)))
                .average()
                .orElse(Double.NaN));
    }

    private List<Integer> others(List<Integer> selected, Result any) {
        return IntStream.range(0, any.losses()[0].length)
                .boxed()
                .filter(q -> !selected.contains(q))
                .toList();
    }

    private ObjectNode json(Map<String, Result> results, List<Integer> selected, List<String> ids) {
        ObjectNode json = JSON.createObjectNode();
        json.put("k", k);
        json.put("seeds", seeds);
        json.put("damping", damping);
        json.put("modules", options.modules);
        ArrayNode names = json.putArray("queries");
        selected.forEach(q -> names.add(ids.get(q)));
        ObjectNode removed = json.putObject("removed");
        Result nothing = nothing(results);
        results.forEach((name, result) -> {
            List<Integer> others = others(selected, result);
            Interval rise = rise(result, nothing, selected);
            ObjectNode one = removed.putObject(name);
            one.put("documents", result.removed());
            one.put(
                    "loss",
                    Arrays.stream(values(result.losses(), selected)).average().orElse(Double.NaN));
            one.put("geometric_mean_loss", geometric(values(result.losses(), selected)));
            one.put("rise", rise.estimate());
            one.put("rise_low", rise.low());
            one.put("rise_high", rise.high());
            one.put("exact", share(result.exact(), selected));
            one.put(
                    "others_loss",
                    Arrays.stream(values(result.losses(), others)).average().orElse(Double.NaN));
            one.put("others_exact", share(result.exact(), others));
            ArrayNode each = one.putArray("losses");
            for (double[] ofSeed : result.losses()) {
                ArrayNode row = each.addArray();
                selected.forEach(q -> row.add(ofSeed[q]));
            }
        });
        return json;
    }

    private static Result nothing(Map<String, Result> results) {
        Result nothing = results.get(NOTHING);
        if (nothing == null) {
            throw new IllegalStateException("removal: expected a result for " + NOTHING);
        }
        return nothing;
    }

    private void print(Map<String, Result> results, List<Integer> selected, PrintStream out) {
        Result nothing = nothing(results);
        out.printf(
                Locale.ROOT,
                "%d queries that the model answers, %d documents removed for each, %d seeds%n",
                selected.size(),
                k,
                seeds);
        out.printf(
                Locale.ROOT,
                "%-20s  %9s  %8s  %9s  %25s  %6s  %11s  %7s%n",
                "removed",
                "documents",
                "loss",
                "geometric",
                "rise, 95 % interval",
                "exact",
                "others' loss",
                "exact");
        results.forEach((name, result) -> {
            List<Integer> others = others(selected, result);
            Interval rise = rise(result, nothing, selected);
            double[] losses = values(result.losses(), selected);
            out.printf(
                    Locale.ROOT,
                    "%-20s  %,9d  %8.4f  %9.5f  %8.4f (%6.4f to %6.4f)  %5.1f%%  %11.4f  %6.1f%%%n",
                    name,
                    result.removed(),
                    Arrays.stream(losses).average().orElse(Double.NaN),
                    geometric(losses),
                    rise.estimate(),
                    rise.low(),
                    rise.high(),
                    100 * share(result.exact(), selected),
                    Arrays.stream(values(result.losses(), others)).average().orElse(Double.NaN),
                    100 * share(result.exact(), others));
        });
    }
}
