package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.rank.Agreement;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.ScoredQuery;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring compare`: how far two runs over the same documents agree.
@Command(
        name = "compare",
        header = "Say how far the rankings of two runs agree.",
        description = {
            "",
            "Of the same queries over the same documents: another damping, curvature, choice of modules, number of fitting"
                    + " documents, or the compressed gradients of a store against exact scores. For each query the"
                    + " correlation of the scores and of their ranks, and how many of the exact first k the other run has"
                    + " among its first k. Both runs must hold the scores of every document.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring compare exact-run searched-run",
            "  wellspring compare run-ekfac run-kfac -k 10,100,1000 --format json"
        })
final class CompareCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @ParentCommand
    private Wellspring wellspring;

    @Parameters(index = "0", paramLabel = "RUN", description = "What counts as exact.")
    private Path exact;

    @Parameters(index = "1", paramLabel = "OTHER", description = "What is compared with it.")
    private Path other;

    @Option(
            names = "-k",
            split = ",",
            paramLabel = "K",
            defaultValue = "10,100",
            description = "How many first documents to look for. Default: ${DEFAULT-VALUE}.")
    private List<Integer> ks = List.of(10, 100);

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the median query, and the worst), or json (every query). Default: ${DEFAULT-VALUE}.")
    private ViewOption.View format = ViewOption.View.TABLE;

    /// @param recall for each k
    private record OfQuery(ScoredQuery query, Agreement agreement, double[] recall) {}

    @Override
    public Integer call() throws IOException {
        List<ScoredQuery> queries = ScoredQuery.read(exact);
        requireSame(queries);
        ScoreMatrix first = ScoreMatrix.read(exact);
        ScoreMatrix second = ScoreMatrix.read(other);
        int documents = first.gradientNorms().length;
        if (documents != second.gradientNorms().length) {
            throw new RunRefusedException(other + ": expected the " + documents + " documents of " + exact + ", found "
                    + second.gradientNorms().length);
        }
        List<OfQuery> compared = new ArrayList<>();
        for (int q = 0; q < queries.size(); q++) {
            double[] right = first.raw()[q];
            double[] approximate = second.raw()[q];
            double[] recall = ks.stream()
                    .mapToDouble(k -> 1 - (double) Agreement.changed(approximate, right, k) / Math.min(k, documents))
                    .toArray();
            compared.add(new OfQuery(queries.get(q), Agreement.of(approximate, right), recall));
        }
        PrintStream out = wellspring.terminal().out();
        switch (format) {
            case TABLE -> print(compared, documents, out);
            case JSON -> out.println(JSON.writeValueAsString(json(compared, documents)));
        }
        return ExitStatus.DONE;
    }

    private void requireSame(List<ScoredQuery> queries) {
        for (Path run : List.of(exact, other)) {
            Manifest manifest = FinishedScores.require(run);
            FinishedScores.requireEveryDocument(run, manifest, run.toString());
        }
        List<String> ids = queries.stream().map(ScoredQuery::id).toList();
        List<String> others =
                ScoredQuery.read(other).stream().map(ScoredQuery::id).toList();
        if (!ids.equals(others)) {
            throw new RunRefusedException(other + ": expected the " + ids.size() + " queries of " + exact
                    + ", found others; score the same file of queries");
        }
    }

    private void print(List<OfQuery> compared, int documents, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%s against %s: %,d documents, %,d queries; the median query, and the worst%n",
                other,
                exact,
                documents,
                compared.size());
        line("correlation", compared, one -> one.agreement().pearson(), out);
        line("of ranks", compared, one -> one.agreement().spearman(), out);
        for (int i = 0; i < ks.size(); i++) {
            int place = i;
            line("of the first " + ks.get(i), compared, one -> one.recall()[place], out);
        }
    }

    private static void line(String name, List<OfQuery> compared, ToDoubleFunction<OfQuery> value, PrintStream out) {
        double[] sorted = compared.stream().mapToDouble(value).sorted().toArray();
        out.printf(
                Locale.ROOT,
                "  %-18s %7.3f  %7.3f%n",
                name,
                sorted[(sorted.length - 1) / 2],
                Arrays.stream(sorted).min().orElse(Double.NaN));
    }

    private ObjectNode json(List<OfQuery> compared, int documents) {
        ObjectNode json = JSON.createObjectNode();
        json.put("documents", documents);
        ObjectNode each = json.putObject("queries");
        for (OfQuery one : compared) {
            ObjectNode row = each.putObject(one.query().id());
            row.put("correlation", one.agreement().pearson());
            row.put("rank_correlation", one.agreement().spearman());
            for (int i = 0; i < ks.size(); i++) {
                row.put("recall_" + ks.get(i), one.recall()[i]);
            }
        }
        return json;
    }
}
