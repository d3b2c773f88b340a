package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How near documents are to queries that are points of a grid, as the query sets of Leave-Square-Out are: minus the
/// Chebyshev distance to the point or, where the task is commutative, to its mirror image.
final class Nearness {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Nearness() {}

    private record Point(int a, int b) {
        int distance(Point other) {
            return Math.max(Math.abs(a - other.a), Math.abs(b - other.b));
        }

        Point mirrored() {
            return new Point(b, a);
        }
    }

    /// Whether every document and every query has coordinates a and b.
    static boolean isDefined(RetrainingBench bench) {
        return points(bench.documents(), document -> document.extras()) != null
                && points(bench.queries(), query -> query.extras()) != null;
    }

    /// (queries, documents).
    static double[][] scores(RetrainingBench bench) {
        List<Point> documents = points(bench.documents(), document -> document.extras());
        List<Point> queries = points(bench.queries(), query -> query.extras());
        if (documents == null || queries == null) {
            throw new IllegalStateException("expected documents and queries with coordinates");
        }
        double[][] scores = new double[queries.size()][documents.size()];
        for (int q = 0; q < scores.length; q++) {
            boolean commutes = !bench.queries().get(q).family().contains("regression");
            for (int d = 0; d < scores[q].length; d++) {
                int direct = queries.get(q).distance(documents.get(d));
                int mirrored = queries.get(q).mirrored().distance(documents.get(d));
                scores[q][d] = -(commutes ? Math.min(direct, mirrored) : direct);
            }
        }
        return scores;
    }

    private static <T> @Nullable List<Point> points(List<T> items, Function<T, String> extras) {
        List<Point> points = new ArrayList<>();
        for (T item : items) {
            try {
                JsonNode place = JSON.readTree(extras.apply(item)).path("coordinates");
                if (!place.path("a").isInt() || !place.path("b").isInt()) {
                    return null;
                }
                points.add(new Point(place.path("a").asInt(), place.path("b").asInt()));
            } catch (IOException impossible) {
                throw new IllegalStateException("extras: " + impossible.getMessage(), impossible);
            }
        }
        return points;
    }
}
