package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.GridPoint;
import dev.wellspring.analysis.Locality;
import dev.wellspring.run.retrain.Retraining;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.train.Evaluation.Outcome;
import dev.wellspring.validation.Foretelling;
import dev.wellspring.validation.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring validate square`: leave a square out of a grid of problems, and see whether influence foretold the hole.
@Command(
        name = "square",
        header = "Leave squares out of a grid of problems: is the hole the one that scores foretell?",
        description = {
            "",
            "For a model that was trained on every problem of a grid (arXiv 2402.17709). For each problem inside a square, the"
                    + " scores of the square's other problems add up to the rise of its loss that leaving them out should"
                    + " cause. The model is trained again without the square, and the rises are compared by rank, with the"
                    + " area under the ROC curve for problems that it no longer answers.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer =
                "  wellspring validate square --model model --documents sums/queries.jsonl --queries sums/queries.jsonl \\%n"
                        + "    --centre 50,50 --radii 1,2,3,10 --out square")
final class ValidateSquareCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @ParentCommand
    private ValidateCommand parent;

    @Mixin
    private RetrainingOptions options = new RetrainingOptions();

    @Option(
            names = "--centre",
            split = ",",
            paramLabel = "N",
            defaultValue = "50,50",
            description = "The square's centre. Default: ${DEFAULT-VALUE}.")
    private List<Integer> centre = List.of(50, 50);

    @Option(
            names = "--radii",
            split = ",",
            paramLabel = "R",
            defaultValue = "1,2,3,10",
            description = "Squares of 2r + 1 problems a side, one retraining each. Default: ${DEFAULT-VALUE}.")
    private List<Integer> radii = List.of(1, 2, 3, 10);

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Trainings of each, with and without the square, whose losses are averaged."
                    + " Default: ${DEFAULT-VALUE}.")
    private int seeds = 1;

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

    /// One problem inside a square.
    ///
    /// @param ring from the border, 1 being the outermost
    /// @param predicted the sum of the scores of the square's other problems
    /// @param measured the rise of the loss
    /// @param answered without the square, the share of seeds
    private record Cell(GridPoint point, int ring, double predicted, double measured, double answered) {}

    @Override
    public Integer call() throws IOException {
        if (centre.size() != 2) {
            throw new BadInputException("--centre: expected two numbers, such as 50,50, got " + centre);
        }
        Wellspring wellspring = parent.wellspring();
        Map<Integer, List<Cell>> squares = new LinkedHashMap<>();
        DistanceCurve curve;
        Files.createDirectories(options.out);
        options.queries = inside(options.queries);
        try (RunScope scope = wellspring.open(run);
                Engine engine = new Engine(scope, compute);
                RetrainingBench bench = new RetrainingBench(options, engine.budget(run), engine)) {
            double[][] scores = scores(wellspring);
            List<@Nullable GridPoint> documents = new ArrayList<>();
            bench.documents().forEach(document -> documents.add(GridPoints.of(document.extras())));
            curve = curve(bench, documents, scores);
            train(bench, documents);
            List<List<Outcome>> before = outcomes(bench, new BitSet());
            for (int radius : radii) {
                squares.put(radius, cells(bench, documents, scores, before, radius));
            }
        } catch (Step.FailedException failed) {
            return failed.status();
        }
        Path file = options.out.resolve("square.json");
        WholeFile.write(file, JSON.writeValueAsString(json(squares, curve)) + "\n");
        print(squares, wellspring.terminal().out());
        wellspring.terminal().out().println();
        DistanceCurve.print(
                Map.of("influence of the whole grid", curve),
                wellspring.terminal().out());
        wellspring.terminal().out().println(file);
        return ExitStatus.DONE;
    }

    /// The queries inside the largest square, in a file of their own.
    private Path inside(Path queries) throws IOException {
        int largest = radii.stream().mapToInt(r -> r).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(queries)) {
            GridPoint point = GridPoints.of(line);
            if (point != null && point.distance(middle()) <= largest) {
                lines.add(line);
            }
        }
        if (lines.size() < 3) {
            throw new BadInputException(
                    queries + ": expected at least 3 queries with coordinates a and b inside the square" + " around "
                            + centre + ", found " + lines.size());
        }
        Path file = options.out.resolve("queries.jsonl");
        WholeFile.write(file, String.join("\n", lines) + "\n");
        return file;
    }

    private GridPoint middle() {
        return new GridPoint(centre.getFirst(), centre.getLast());
    }

    private double[][] scores(Wellspring wellspring) {
        var runs = options.scoring(wellspring, compute, run);
        return runs.scores("ekfac", "sampled", damping, options.modules, options.queries)
                .raw();
    }

    private void train(RetrainingBench bench, List<@Nullable GridPoint> documents) throws IOException {
        List<Retraining> models = new ArrayList<>(models(bench, new BitSet()));
        radii.forEach(radius -> models.addAll(models(bench, square(documents, radius))));
        bench.bank().train(models);
    }

    private List<Retraining> models(RetrainingBench bench, BitSet removed) {
        List<Retraining> models = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            models.add(new Retraining(removed, bench.recipe().seed() + seed));
        }
        return models;
    }

    /// The documents inside a square.
    private BitSet square(List<@Nullable GridPoint> documents, int radius) {
        var inside = new BitSet();
        for (int d = 0; d < documents.size(); d++) {
            GridPoint point = documents.get(d);
            if (point != null && point.distance(middle()) <= radius) {
                inside.set(d);
            }
        }
        return inside;
    }

    private List<Cell> cells(
            RetrainingBench bench,
            List<@Nullable GridPoint> documents,
            double[][] scores,
            List<List<Outcome>> before,
            int radius)
            throws IOException {
        BitSet square = square(documents, radius);
        List<List<Outcome>> after = outcomes(bench, square);
        List<Cell> cells = new ArrayList<>();
        for (int q = 0; q < bench.queries().size(); q++) {
            QueryInput query = bench.queries().get(q);
            GridPoint point = GridPoints.of(query.extras());
            if (point == null || point.distance(middle()) > radius) {
                continue;
            }
            double predicted = 0;
            for (int d = square.nextSetBit(0); d >= 0; d = square.nextSetBit(d + 1)) {
                boolean itself =
                        point.equals(GridPoints.of(bench.documents().get(d).extras()));
                predicted += itself ? 0 : scores[q][d];
            }
            double measured = 0;
            double answered = 0;
            for (int seed = 0; seed < seeds; seed++) {
                measured +=
                        (after.get(seed).get(q).loss() - before.get(seed).get(q).loss()) / seeds;
                answered += after.get(seed).get(q).exact() ? 1.0 / seeds : 0;
            }
            cells.add(new Cell(point, radius + 1 - point.distance(middle()), predicted, measured, answered));
        }
        return cells;
    }

    private List<List<Outcome>> outcomes(RetrainingBench bench, BitSet removed) throws IOException {
        List<List<Outcome>> outcomes = new ArrayList<>();
        for (Retraining model : models(bench, removed)) {
            outcomes.add(bench.bank().evaluate(model, bench.sequences()));
        }
        return outcomes;
    }

    private static Foretelling foretelling(List<Cell> cells) {
        return new Foretelling(
                cells.stream().mapToDouble(Cell::predicted).toArray(),
                cells.stream().mapToDouble(Cell::measured).toArray());
    }

    private static double areaUnderCurve(List<Cell> cells) {
        boolean[] fails = new boolean[cells.size()];
        for (int i = 0; i < fails.length; i++) {
            fails[i] = cells.get(i).answered() < 0.5;
        }
        return foretelling(cells).areaUnderCurve(fails);
    }

    private static double answered(List<Cell> cells) {
        return cells.stream().mapToDouble(Cell::answered).average().orElse(Double.NaN);
    }

    /// Where the influence on the queries comes from in the model that was trained on everything.
    private DistanceCurve curve(RetrainingBench bench, List<@Nullable GridPoint> documents, double[][] scores) {
        List<@Nullable GridPoint> places = new ArrayList<>();
        bench.queries().forEach(query -> places.add(GridPoints.of(query.extras())));
        List<GridPoint> queries = DistanceCurve.require(places);
        List<GridPoint> points = DistanceCurve.require(documents);
        List<Locality> localities = new ArrayList<>();
        for (int q = 0; q < scores.length; q++) {
            boolean commutes = GridPoints.commute(bench.queries().get(q).family());
            localities.add(Locality.of(scores[q], queries.get(q), points, commutes, DistanceCurve.FIRST));
        }
        return DistanceCurve.of(localities, run.seed);
    }

    private ObjectNode json(Map<Integer, List<Cell>> squares, DistanceCurve curve) {
        ObjectNode json = JSON.createObjectNode();
        json.put("seeds", seeds);
        json.put("damping", damping);
        json.put("modules", options.modules);
        json.set("distance", curve.json());
        ObjectNode listed = json.putObject("radius");
        squares.forEach((radius, cells) -> {
            Interval spearman = foretelling(cells).spearman(run.seed);
            ObjectNode one = listed.putObject(String.valueOf(radius));
            one.put("spearman", spearman.estimate());
            one.put("low", spearman.low());
            one.put("high", spearman.high());
            one.put("area_under_curve", areaUnderCurve(cells));
            one.put("answered", answered(cells));
            ArrayNode each = one.putArray("cells");
            for (Cell cell : cells) {
                ObjectNode row = each.addObject();
                row.put("a", cell.point().a());
                row.put("b", cell.point().b());
                row.put("ring", cell.ring());
                row.put("predicted_rise", cell.predicted());
                row.put("rise", cell.measured());
                row.put("answered", cell.answered());
            }
        });
        return json;
    }

    private void print(Map<Integer, List<Cell>> squares, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%6s  %5s  %9s  %12s  %14s  %28s  %5s%n",
                "radius",
                "cells",
                "answered",
                "loss rises by",
                "foretold",
                "rank correlation, 95 %",
                "AUC");
        squares.forEach((radius, cells) -> {
            Interval spearman = foretelling(cells).spearman(run.seed);
            out.printf(
                    Locale.ROOT,
                    "%6d  %5d  %7.1f %%  %12.4f  %14.4f  %8.3f (%6.3f to %6.3f)  %5.2f%n",
                    radius,
                    cells.size(),
                    100 * answered(cells),
                    cells.stream().mapToDouble(Cell::measured).average().orElse(Double.NaN),
                    cells.stream().mapToDouble(Cell::predicted).average().orElse(Double.NaN),
                    spearman.estimate(),
                    spearman.low(),
                    spearman.high(),
                    areaUnderCurve(cells));
        });
        squares.forEach((radius, cells) -> rings(radius, cells, out));
    }

    private static void rings(int radius, List<Cell> cells, PrintStream out) {
        out.println();
        out.printf(Locale.ROOT, "radius %d, answered by ring from the border:", radius);
        for (int ring = 1; ring <= radius + 1; ring++) {
            int wanted = ring;
            double share = answered(
                    cells.stream().filter(cell -> cell.ring() == wanted).toList());
            out.printf(Locale.ROOT, " %.2f", share);
        }
        out.println();
    }
}
