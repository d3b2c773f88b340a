package dev.wellspring.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.GridPoint;
import dev.wellspring.analysis.Locality;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring distance`: whether influence on problems of a grid comes from near ones.
@Command(
        name = "distance",
        header = "Say from how far away influence on problems of a grid comes.",
        description = {
            "",
            "For queries and documents with two operands, such as 'wellspring queries make lso-addition' makes. A model"
                    + " that goes by cases draws on near problems; one that goes by steps draws on problems that share"
                    + " digits. Near problems share their tens too, so influence falls with distance in both: what"
                    + " tells them apart is how often the same units stand among the first documents.",
            "",
            "Chebyshev distances, to the nearer of a problem and its mirror image where operands may change places; the"
                    + " problem itself does not count. Of several runs, such as one with --curvature ekfac and one"
                    + " with identity, each is shown.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  wellspring distance run", "  wellspring distance run-ekfac run-dot --by normalised"})
final class DistanceCommand implements Callable<Integer> {
    @ParentCommand
    private Wellspring wellspring;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders that 'wellspring score' wrote.")
    private List<Path> runs = List.of();

    @Option(
            names = "--by",
            paramLabel = "WHICH",
            defaultValue = "raw",
            description = "raw, nat or normalised. Default: ${DEFAULT-VALUE}.")
    private Normalisation by = Normalisation.RAW;

    @Option(
            names = "-k",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many documents are the first. Default: ${DEFAULT-VALUE}.")
    private int k = DistanceCurve.FIRST;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of the resampled queries that intervals come from. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private ViewOption view = new ViewOption();

    @Override
    public Integer call() {
        if (k < 1) {
            throw new BadInputException("-k: expected at least 1, got " + k);
        }
        Map<String, DistanceCurve> curves = new LinkedHashMap<>();
        runs.forEach(run -> curves.put(run.toString(), curve(run)));
        view.show(
                wellspring.terminal().out(),
                () -> DistanceCurve.print(curves, wellspring.terminal().out()),
                () -> json(curves));
        return ExitStatus.DONE;
    }

    private DistanceCurve curve(Path run) {
        FinishedScores.requireEveryDocument(run, FinishedScores.require(run), run.toString());
        List<ScoredQuery> queries = ScoredQuery.read(run);
        List<Locality> localities = new ArrayList<>();
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            List<@Nullable GridPoint> documents = new ArrayList<>();
            folder.forEachBatch(batch -> {
                for (int row = 0; row < batch.rowCount(); row++) {
                    documents.add(GridPoints.of(batch.extras(row)));
                }
            });
            List<GridPoint> points = DistanceCurve.require(documents);
            List<GridPoint> places = DistanceCurve.require(points(queries));
            for (int q = 0; q < queries.size(); q++) {
                ScoredQuery query = queries.get(q);
                double[] scores = folder.column(RowValue.influence(q, query.loss(), by));
                localities.add(Locality.of(scores, places.get(q), points, GridPoints.commute(query.family()), k));
            }
        }
        return DistanceCurve.of(localities, seed);
    }

    private static List<@Nullable GridPoint> points(List<ScoredQuery> queries) {
        List<@Nullable GridPoint> points = new ArrayList<>();
        queries.forEach(query -> points.add(GridPoints.of(query.extras())));
        return points;
    }

    private static ObjectNode json(Map<String, DistanceCurve> curves) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        curves.forEach((run, curve) -> json.set(run, curve.json()));
        return json;
    }
}
