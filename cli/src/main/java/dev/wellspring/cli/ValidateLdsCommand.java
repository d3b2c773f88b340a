package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.Baselines;
import dev.wellspring.analysis.ShuffledQueries;
import dev.wellspring.run.retrain.Retraining;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.train.Evaluation.Outcome;
import dev.wellspring.validation.DatamodellingScore;
import dev.wellspring.validation.DatamodellingScore.Means;
import dev.wellspring.validation.Interval;
import dev.wellspring.validation.Subsets;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring validate lds`: the linear datamodelling score of every method.
@Command(
        name = "lds",
        header = "Measure the linear datamodelling score: do sums of scores foretell losses?",
        description = {
            "",
            "Trains the model again on random subsets of its documents. For every query, the sum of a method's scores over a"
                    + " subset should foretell how small the loss becomes: the rank correlation over subsets, averaged over"
                    + " queries, with two 95 %% intervals: over resampled subsets, for these very queries, and with queries"
                    + " resampled within their kind as well, for others like them. How"
                    + " far EK-FAC leads each other method has an interval of its own, over the same queries and subsets for"
                    + " both.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = "  wellspring validate lds --model model --documents corpus.jsonl --queries queries.jsonl --out lds")
final class ValidateLdsCommand implements Callable<Integer> {
    /// What the other methods are compared with.
    private static final String STANDARD = "ekfac 0.1x";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @ParentCommand
    private ValidateCommand parent;

    @Mixin
    private RetrainingOptions options = new RetrainingOptions();

    @Option(
            names = "--subsets",
            paramLabel = "N",
            defaultValue = "32",
            description = "How many models are trained again. Default: ${DEFAULT-VALUE}.")
    private int subsets = 32;

    @Option(
            names = "--share",
            paramLabel = "X",
            defaultValue = "0.5",
            description = "The share of the documents in a subset. Default: ${DEFAULT-VALUE}.")
    private double share = 0.5;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Trainings of each subset, whose losses are averaged. Default: ${DEFAULT-VALUE}.")
    private int seeds = 1;

    @Option(
            names = "--dampings",
            split = ",",
            paramLabel = "D",
            defaultValue = "0.01x,0.1x,1x",
            description = "Dampings of EK-FAC to compare. Default: ${DEFAULT-VALUE}.")
    private List<String> dampings = List.of("0.01x", "0.1x", "1x");

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    /// What came of one method.
    ///
    /// @param mean with intervals about other subsets and queries
    /// @param meanOfThese about other subsets alone
    /// @param lead how much more the standard method has, queries and subsets paired
    /// @param each (queries)
    private record Result(Means mean, Means meanOfThese, Means lead, double[] each) {}

    @Override
    public Integer call() throws IOException {
        Wellspring wellspring = parent.wellspring();
        List<BitSet> drawn;
        double[][] losses;
        Map<String, double[][]> methods;
        List<QueryInput> queries;
        String recipe;
        int documents;
        try (RunScope scope = wellspring.open(run);
                Engine engine = new Engine(scope, compute);
                RetrainingBench bench = new RetrainingBench(options, engine.budget(run), engine)) {
            Files.createDirectories(options.out);
            documents = bench.documents().size();
            drawn = Subsets.draw(documents, share, subsets, run.seed);
            losses = losses(bench, drawn);
            queries = bench.queries();
            recipe = bench.recipe().optimizer().text();
            methods = methods(wellspring, bench);
        } catch (Step.FailedException failed) {
            return failed.status();
        }
        var score = new DatamodellingScore(
                drawn, losses, queries.stream().map(QueryInput::kind).toList());
        Map<String, Result> results = new LinkedHashMap<>();
        double[][] standard = Objects.requireNonNull(methods.get(STANDARD));
        methods.forEach((name, scores) -> results.put(
                name,
                new Result(
                        score.mean(scores, run.seed),
                        score.meanOfTheseQueries(scores, run.seed),
                        score.lead(standard, scores, run.seed),
                        score.perQuery(scores))));
        ObjectNode json = json(results, queries, documents, recipe);
        Path file = options.out.resolve("lds.json");
        WholeFile.write(file, JSON.writeValueAsString(json) + "\n");
        print(results, queries.size(), wellspring.terminal().out());
        wellspring.terminal().out().println(file);
        return ExitStatus.DONE;
    }

    /// (subsets, queries) of the retrained models, the mean over the seeds.
    private double[][] losses(RetrainingBench bench, List<BitSet> drawn) throws IOException {
        int documents = bench.documents().size();
        List<Retraining> models = new ArrayList<>();
        for (BitSet subset : drawn) {
            var removed = (BitSet) subset.clone();
            removed.flip(0, documents);
            for (int seed = 0; seed < seeds; seed++) {
                models.add(new Retraining(removed, bench.recipe().seed() + seed));
            }
        }
        bench.bank().train(models);
        double[][] losses = new double[drawn.size()][bench.queries().size()];
        for (int i = 0; i < models.size(); i++) {
            List<Outcome> outcomes = bench.bank().evaluate(models.get(i), bench.sequences());
            for (int q = 0; q < outcomes.size(); q++) {
                losses[i / seeds][q] += outcomes.get(q).loss() / seeds;
            }
        }
        return losses;
    }

    /// (queries, documents) the scores of every method, by what it is called.
    private Map<String, double[][]> methods(Wellspring wellspring, RetrainingBench bench) {
        var runs = options.scoring(wellspring, compute, run);
        Map<String, double[][]> methods = new LinkedHashMap<>();
        for (String damping : dampings) {
            methods.put(
                    "ekfac " + damping,
                    scores(runs, "ekfac", "sampled", damping).raw());
        }
        double[][] standard = scores(runs, "ekfac", "sampled", "0.1x").raw();
        methods.putIfAbsent(STANDARD, standard);
        methods.put(
                "ekfac 0.1x, own labels", scores(runs, "ekfac", "own", "0.1x").raw());
        methods.put("kfac 0.1x", scores(runs, "kfac", "sampled", "0.1x").raw());
        methods.put("diagonal 0.1x", scores(runs, "diagonal", "sampled", "0.1x").raw());
        ScoreMatrix dots = scores(runs, "identity", "sampled", "0.1x");
        methods.put("dot product", dots.raw());
        methods.put("cosine", dots.normalised());
        methods.put("gradient norm", dots.norms());
        methods.put("bm25", Baselines.bm25(bench.documentTokens(), bench.queryTokens()));
        methods.put(
                "length",
                Baselines.length(bench.documentTokens(), bench.queries().size()));
        methods.put("ekfac of another query", shuffled(standard, bench.queries()));
        return methods;
    }

    private ScoreMatrix scores(ScoringRuns runs, String curvature, String labels, String damping) {
        return runs.scores(curvature, labels, damping, options.modules, options.queries);
    }

    private double[][] shuffled(double[][] scores, List<QueryInput> queries) {
        int[] other = ShuffledQueries.of(
                queries.stream().map(QueryInput::kind).toList(),
                queries.stream().map(QueryInput::family).toList(),
                run.seed);
        return Arrays.stream(other).mapToObj(q -> scores[q]).toArray(double[][]::new);
    }

    private ObjectNode json(Map<String, Result> results, List<QueryInput> queries, int documents, String recipe) {
        ObjectNode json = JSON.createObjectNode();
        json.put("documents", documents);
        json.put("queries", queries.size());
        json.put("subsets", subsets);
        json.put("share", share);
        json.put("seeds", seeds);
        json.put("seed", run.seed);
        json.put("optimizer", recipe);
        json.put("modules", options.modules);
        ObjectNode listed = json.putObject("methods");
        results.forEach((name, result) -> {
            double[] each = result.each();
            ObjectNode one = listed.putObject(name);
            put(one, "lds", result.mean());
            put(one.putObject("for_these_queries"), "lds", result.meanOfThese());
            put(one.putObject("standard_leads_by"), "mean", result.lead());
            ObjectNode ofQueries = one.putObject("queries");
            IntStream.range(0, each.length)
                    .forEach(q -> ofQueries.put(queries.get(q).id(), each[q]));
        });
        return json;
    }

    private static void put(ObjectNode node, String name, Means means) {
        put(node, name, means.all());
        ObjectNode ofKinds = node.putObject("kinds");
        means.kinds().forEach((kind, mean) -> put(ofKinds.putObject(kind), name, mean));
    }

    private static void put(ObjectNode node, String name, Interval value) {
        node.put(name, value.estimate());
        node.put("low", value.low());
        node.put("high", value.high());
    }

    private void print(Map<String, Result> results, int queries, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "Linear datamodelling score over %d subsets of %.0f %% of the documents, %d queries%n",
                subsets,
                100 * share,
                queries);
        out.println("95 % intervals: over other subsets, for these queries; over other subsets and queries");
        out.printf(
                Locale.ROOT,
                "%-24s  %7s  %17s  %17s  %25s%n",
                "method",
                "LDS",
                "these queries",
                "such queries",
                STANDARD + " leads by");
        results.forEach((name, result) -> {
            Interval mean = result.mean().all();
            Interval meanOfThese = result.meanOfThese().all();
            out.printf(
                    Locale.ROOT,
                    "%-24s  %7.3f  %7.3f to %6.3f  %7.3f to %6.3f  %s%n",
                    name,
                    mean.estimate(),
                    meanOfThese.low(),
                    meanOfThese.high(),
                    mean.low(),
                    mean.high(),
                    text(result.lead().all()));
        });
        printKinds("by kind of query", results, Result::mean, out);
        printKinds("for these queries", results, Result::meanOfThese, out);
    }

    /// @param means those of a result that are printed
    private static void printKinds(
            String title, Map<String, Result> results, Function<Result, Means> means, PrintStream out) {
        Set<String> kinds =
                means.apply(results.values().iterator().next()).kinds().keySet();
        if (kinds.size() == 1) {
            return; // it is the mean over all
        }
        out.printf(Locale.ROOT, "%n%-24s", title);
        kinds.forEach(kind -> out.printf(Locale.ROOT, "  %25s", kind));
        out.println();
        results.forEach((name, result) -> {
            out.printf(Locale.ROOT, "%-24s", name);
            means.apply(result).kinds().values().forEach(mean -> out.printf(Locale.ROOT, "  %s", text(mean)));
            out.println();
        });
    }

    private static String text(Interval value) {
        return String.format(Locale.ROOT, "%7.3f (%6.3f to %6.3f)", value.estimate(), value.low(), value.high());
    }
}
