package dev.wellspring.cli;

import dev.wellspring.analysis.GridPoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How near documents are to queries that are points of a grid, as the query sets of Leave-Square-Out are: minus the
/// Chebyshev distance to the point or, where the task is commutative, to its mirror image.
final class Nearness {
    private Nearness() {}

    /// (queries, documents); null unless every document and every query has coordinates a and b.
    static double @Nullable [][] scores(RetrainingBench bench) {
        List<GridPoint> documents = new ArrayList<>();
        for (var document : bench.documents()) {
            GridPoint point = GridPoints.of(document.extras());
            if (point == null) {
                return null;
            }
            documents.add(point);
        }
        double[][] scores = new double[bench.queries().size()][];
        for (int q = 0; q < scores.length; q++) {
            GridPoint point = GridPoints.of(bench.queries().get(q).extras());
            if (point == null) {
                return null;
            }
            boolean commutes = GridPoints.commute(bench.queries().get(q).family());
            scores[q] = documents.stream()
                    .mapToDouble(document -> -point.distance(document, commutes))
                    .toArray();
        }
        return scores;
    }
}
