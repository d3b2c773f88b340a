package dev.wellspring.cli;

import dev.wellspring.model.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;

/// The ranking of a synthetic store that a search must come to: sums in plain double loops over documents made up anew,
/// which never lay in a file.
final class PlainScores {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// A document and its score.
    private record Scored(long document, double score) {}

    private PlainScores() {}

    /// Compares the top of some queries' rankings with that of a search.
    ///
    /// @param documents how many the store has
    /// @param run the search's folder
    /// @param queries the numbers of those to look at
    /// @param most of a ranking
    /// @return how far scores differ at most, as a share of the largest
    /// @throws AssertionError when a document that belongs into a ranking is not in it
    static double compare(long documents, Path run, List<Integer> queries, int most) throws IOException {
        List<double[]> coordinates = coordinates(run, queries);
        List<PriorityQueue<Scored>> expected = new ArrayList<>();
        queries.forEach(_ -> expected.add(new PriorityQueue<>(Comparator.comparingDouble(Scored::score))));
        for (long document = 0; document < documents; document++) {
            byte[] numbers = SyntheticStore.numbers(document);
            double scale = SyntheticStore.scale(document);
            for (int q = 0; q < queries.size(); q++) {
                PriorityQueue<Scored> best = expected.get(q);
                best.add(new Scored(document, scale * product(numbers, coordinates.get(q))));
                if (best.size() > most) {
                    best.remove();
                }
            }
        }
        double worst = 0;
        for (int q = 0; q < queries.size(); q++) {
            worst = Math.max(worst, compare(run, queries.get(q), coordinates.get(q), expected.get(q)));
        }
        return worst;
    }

    private static double compare(Path run, int query, double[] coordinates, PriorityQueue<Scored> expected) {
        String id = String.format(Locale.ROOT, "q%03d", query);
        int most = expected.size();
        List<Scored> found = found(run, id, most);
        double largest = expected.stream().mapToDouble(Scored::score).max().orElseThrow();
        double tolerance = 1e-5 * largest;
        double difference = 0;
        double before = Double.POSITIVE_INFINITY;
        Set<Long> documents = new HashSet<>();
        for (Scored one : found) {
            double exact =
                    SyntheticStore.scale(one.document) * product(SyntheticStore.numbers(one.document), coordinates);
            difference = Math.max(difference, Math.abs(exact - one.score));
            if (!(Math.abs(exact - one.score) <= tolerance) || one.score > before) {
                throw new AssertionError(id + ": expected " + exact + " for document " + one.document
                        + ", and scores that fall, got " + one.score + " after " + before);
            }
            before = one.score;
            documents.add(one.document);
        }
        double last = expected.peek() == null ? 0 : expected.peek().score();
        for (Scored one : expected) {
            if (one.score > last + tolerance && !documents.contains(one.document)) {
                throw new AssertionError(id + ": expected document " + one.document + " with " + one.score
                        + " among the first " + most + ", found it missing");
            }
        }
        if (documents.size() != most) {
            throw new AssertionError(id + ": expected " + most + " documents, got " + documents.size());
        }
        return difference / largest;
    }

    private static List<Scored> found(Path run, String query, int most) {
        return ExportedScores.parse(Commands.succeed("top", run, "--query", query, "-k", most, "--format", "csv"))
                .rows()
                .stream()
                .map(row -> new Scored(
                        SyntheticStore.number(row.getField("document")), Double.parseDouble(row.getField("raw"))))
                .toList();
    }

    private static double product(byte[] numbers, double[] coordinates) {
        double sum = 0;
        for (int k = 0; k < coordinates.length; k++) {
            sum += numbers[k] * coordinates[k];
        }
        return sum;
    }

    /// W_q of some queries, as the search has left them.
    private static List<double[]> coordinates(Path run, List<Integer> queries) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(run.resolve("query-coordinates.safetensors"))) {
            String module = file.names().iterator().next();
            double[] all = file.tensor(module).data().toArray(DOUBLE);
            List<double[]> some = new ArrayList<>();
            for (int query : queries) {
                double[] own = new double[SyntheticStore.DIMENSIONS];
                System.arraycopy(all, query * own.length, own, 0, own.length);
                some.add(own);
            }
            return some;
        }
    }
}
