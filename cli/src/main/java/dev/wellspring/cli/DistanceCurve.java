package dev.wellspring.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.GridPoint;
import dev.wellspring.analysis.Locality;
import dev.wellspring.cli.report.Figures;
import dev.wellspring.validation.Bootstrap;
import dev.wellspring.validation.Interval;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where the influence on several problems of a grid comes from: means over the queries, with intervals over them.
///
/// @param queries how many there are
/// @param curve of each bin of [Locality#BINS]
/// @param near lift of what is within a distance of 3, among the first documents
/// @param units lift of what has the same units
/// @param tens lift of what has the same tens
record DistanceCurve(int queries, List<Interval> curve, Interval near, Interval units, Interval tens) {
    /// How many documents are the first, unless something else is asked for.
    static final int FIRST = 20;

    static DistanceCurve of(List<Locality> localities, long seed) {
        return new DistanceCurve(
                localities.size(),
                IntStream.range(0, Locality.BINS.size())
                        .mapToObj(bin -> mean(localities, one -> one.curve()[bin], seed))
                        .toList(),
                mean(localities, Locality::nearLift, seed),
                mean(localities, Locality::unitsLift, seed),
                mean(localities, Locality::tensLift, seed));
    }

    /// The same points, if each is one.
    ///
    /// @param points null where a query or document is no problem of a grid
    /// @throws BadInputException when one of them is none
    static List<GridPoint> require(List<? extends @Nullable GridPoint> points) {
        List<GridPoint> all = new ArrayList<>();
        for (GridPoint point : points) {
            if (point == null) {
                throw new BadInputException("expected documents and queries with coordinates a and b, as those of "
                        + "'wellspring queries make lso-addition' have, found one without");
            }
            all.add(point);
        }
        return all;
    }

    private static Interval mean(List<Locality> localities, ToDoubleFunction<Locality> of, long seed) {
        return Bootstrap.mean(
                localities.stream()
                        .mapToDouble(of)
                        .filter(value -> !Double.isNaN(value))
                        .toArray(),
                seed);
    }

    /// A table with a column for each.
    static void print(Map<String, DistanceCurve> curves, PrintStream out) {
        out.println("Mean influence at a distance, in units of the query's mean absolute influence; 95 % intervals");
        curves.forEach((name, curve) -> {
            out.printf(Locale.ROOT, "%n%s, %d queries%n", name, curve.queries());
            for (int bin = 0; bin < curve.curve().size(); bin++) {
                line(label(bin), curve.curve().get(bin), out);
            }
            out.println("  among the first, times as many as among all:");
            line("within 3", curve.near(), out);
            line("same units", curve.units(), out);
            line("same tens", curve.tens(), out);
        });
    }

    private static void line(String name, Interval value, PrintStream out) {
        if (Double.isNaN(value.estimate())) {
            return; // no document is so far
        }
        out.printf(Locale.ROOT, "  %-12s %s%n", name, Figures.interval("%.3f", value));
    }

    /// The distances of a bin.
    private static String label(int bin) {
        int from = Locality.BINS.get(bin);
        if (bin == Locality.BINS.size() - 1) {
            return from + " and more";
        }
        int to = Locality.BINS.get(bin + 1) - 1;
        return from == 0 ? "0 (its twin)" : from == to ? String.valueOf(from) : from + " to " + to;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("queries", queries);
        ArrayNode bins = json.putArray("influence");
        for (int bin = 0; bin < curve.size(); bin++) {
            put(bins.addObject().put("distance", Locality.BINS.get(bin)), curve.get(bin));
        }
        put(json.putObject("near_lift"), near);
        put(json.putObject("units_lift"), units);
        put(json.putObject("tens_lift"), tens);
        return json;
    }

    private static void put(ObjectNode node, Interval value) {
        node.put("mean", value.estimate());
        node.put("low", value.low());
        node.put("high", value.high());
    }
}
