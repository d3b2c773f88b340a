package dev.wellspring.cli;

import dev.wellspring.queries.split.Split;
import dev.wellspring.queries.split.SplitReport;
import dev.wellspring.queries.split.SplitRule;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a split came to, for people: the sizes of its parts, how far the held-out items are from training, and how much
/// of them occurs there.
///
/// @param out where it is printed
record SplitTable(PrintStream out) {
    private static final int MOST_LINES = 40;
    private static final int BAR = 40;

    void print(Path folder, Split split, SplitReport report) {
        int train = split.train().size();
        int test = split.test().size();
        out.printf(
                Locale.ROOT, "%s, seed %d: %,d items in %s%n", split.rule().text(), split.seed(), train + test, folder);
        out.printf(Locale.ROOT, "  train %,9d  %5.1f %%%n", train, percent(train, train + test));
        out.printf(Locale.ROOT, "  test  %,9d  %5.1f %%%n", test, percent(test, train + test));
        if (split.untouched() > 0) {
            out.printf(Locale.ROOT, "  the rule has no say about %,d items, which stay in train%n", split.untouched());
        }
        out.printf(Locale.ROOT, "  digest %s%n", split.digest());
        report.distances().stream().filter(kind -> kind.metric().isDefined()).forEach(this::print);
        printUndefined(report.distances());
        print(report.coverage());
        print("a problem of train but for the blocks' names", report.renamed());
        if (split.rule() instanceof SplitRule.Skin || report.inOtherSkins().found() > 0) {
            print("a problem of train in another skin", report.inOtherSkins());
        }
        print("about a fact that train tells as well", report.aboutSameFact());
    }

    private void print(SplitReport.Distances kind) {
        out.println();
        out.printf(
                Locale.ROOT, "%,d test items: %s%n", kind.items(), kind.metric().meaning());
        if (!kind.counts().isEmpty()) {
            out.printf(Locale.ROOT, "  %21s  %9s%n", "distance to the nearest", "items");
            Map<String, Integer> lines = lines(kind.counts());
            int most = lines.values().stream().reduce(1, Math::max);
            lines.forEach((distance, items) ->
                    out.printf(Locale.ROOT, "  %23s  %,9d  %s%n", distance, items, "#".repeat(Math.max(1, (int)
                                    ((long) items * BAR / most)))));
            if (kind.measured() < kind.items()) {
                out.printf(Locale.ROOT, "  %23s  %,9d%n", "nothing like it in train", kind.items() - kind.measured());
            }
        } else {
            out.println("  there is nothing like them in train");
        }
    }

    private void printUndefined(List<SplitReport.Distances> kinds) {
        List<SplitReport.Distances> undefined =
                kinds.stream().filter(kind -> !kind.metric().isDefined()).toList();
        if (!undefined.isEmpty()) {
            out.println();
            undefined.forEach(kind -> out.printf(
                    Locale.ROOT,
                    "%,d test items: %s%n",
                    kind.items(),
                    kind.metric().meaning()));
        }
    }

    /// A line for each distance, or for each range that doubles where there are too many.
    private static Map<String, Integer> lines(Map<Long, Integer> counts) {
        Map<Long, Integer> starts = new TreeMap<>();
        boolean each = counts.size() <= MOST_LINES;
        counts.forEach(
                (distance, items) -> starts.merge(each ? distance : Long.highestOneBit(distance), items, Integer::sum));
        Map<String, Integer> lines = new LinkedHashMap<>();
        starts.forEach((start, items) ->
                lines.put(each || start < 2 ? Long.toString(start) : start + " to " + (2 * start - 1), items));
        return lines;
    }

    private void print(SplitReport.Coverage coverage) {
        if (coverage.items() > 0) {
            out.println();
            out.printf(
                    Locale.ROOT,
                    "%,d test items take %,d steps; %,d of these (%.1f %%) occur in train%n",
                    coverage.items(),
                    coverage.steps(),
                    coverage.seen(),
                    percent(coverage.seen(), coverage.steps()));
            out.printf(
                    Locale.ROOT,
                    "fully covered: %,d of %,d (%.1f %%)%n",
                    coverage.covered(),
                    coverage.items(),
                    percent(coverage.covered(), coverage.items()));
        }
    }

    private void print(String what, SplitReport.Share share) {
        if (share.items() > 0) {
            out.printf(
                    Locale.ROOT,
                    "%s: %,d of %,d (%.1f %%)%n",
                    what,
                    share.found(),
                    share.items(),
                    percent(share.found(), share.items()));
        }
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }
}
