package dev.wellspring.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What became of a timed case, beside what the machine itself can do: seconds, tokens a second, operations a second,
/// and their share of the machine's own product in the same type. Sums are there when all of their stages are.
///
/// Arguments: the case's folder, the file of the machine's rates, the folders of the fit and of the score, the rank,
/// the type, and a folder. The table goes to standard output in Markdown; `stages.csv` and `results.jsonl` in the
/// folder get a few lines more.
public final class StageTable {
    private static final String EIGENBASIS = "eigenbasis";
    private static final List<String> FIT = List.of("coverage", "covariance", EIGENBASIS, "lambda");
    private static final List<String> PASSES = List.of("covariance", "lambda");
    private static final List<String> SCORE = List.of("queries", "scores");
    private static final String NOT_REACHED = "not reached";

    private final JsonNode description;
    private final JsonNode rates;
    private final TimedRun run;
    private final String type;
    private final StageOperations operations;

    /// A line of the table: a stage, or several together.
    ///
    /// @param tokens that passed through it; 0 where none do
    /// @param stages that it is made of
    private record Row(String name, long tokens, List<String> stages) {}

    StageTable(Path folder, JsonNode rates, TimedRun run, int rank, String type) throws IOException {
        this.rates = rates;
        this.run = run;
        this.type = type;
        description = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
        DecoderConfig config =
                DecoderConfig.read(ConfigFile.read(folder.resolve("model").resolve("config.json")));
        operations = StageOperations.of(
                config,
                new StageOperations.Lengths(number("documents"), number("tokens") - 1),
                new StageOperations.Lengths(number("queries"), number("queryTokens") - 1),
                rank);
    }

    /// Prints the table and appends to the files.
    public static void main(String[] arguments) throws IOException {
        JsonNode rates = new ObjectMapper().readTree(Path.of(arguments[1]).toFile());
        TimedRun run = TimedRun.read(Path.of(arguments[2]), Path.of(arguments[3]));
        var table = new StageTable(Path.of(arguments[0]), rates, run, Integer.parseInt(arguments[4]), arguments[5]);
        table.print(System.out);
        Path out = Path.of(arguments[6]);
        table.append(out.resolve("stages.csv"), out.resolve("results.jsonl"));
    }

    StageOperations operations() {
        return operations;
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "**%s**, %,d documents of %,d tokens, %,d queries, rank %d, %s%n%n",
                shape(),
                number("documents"),
                number("tokens"),
                number("queries"),
                operations.rank(),
                type);
        out.println("Backend: " + rates.get("backend").asText());
        out.printf(
                Locale.ROOT,
                "%nThe machine itself: products of %,d² %.3g TFLOP/s in %s, %.3g in float64; copies %.3g TB/s read and"
                        + " written%n%n",
                rates.get("rows").asLong(),
                rate(type) / 1e12,
                type,
                rate("float64") / 1e12,
                rates.get("copy").asDouble() / 1e12);
        out.println("| stage | seconds | tokens/s | TFLOP | TFLOP/s | of the product's rate |");
        out.println("|---|---|---|---|---|---|");
        for (Row row : rows()) {
            out.println("| " + String.join(" | ", cells(row)) + " |");
        }
    }

    private List<Row> rows() {
        long tokens = number("documents") * number("tokens");
        long queryTokens = number("queries") * number("queryTokens");
        List<Row> rows = new ArrayList<>();
        // Neither costs more with more documents: one looks at a few of them, the other at none.
        FIT.forEach(stage -> rows.add(new Row(stage, PASSES.contains(stage) ? tokens : 0, List.of(stage))));
        rows.add(new Row("covariance and lambda", tokens, PASSES));
        rows.add(new Row("fit", tokens, FIT));
        rows.add(new Row("queries", queryTokens, List.of("queries")));
        rows.add(new Row("documents", tokens, List.of("scores")));
        rows.add(new Row("score", tokens, SCORE));
        return rows;
    }

    private List<String> cells(Row row) {
        if (!reached(row)) {
            return List.of(row.name(), NOT_REACHED, "", "", "", "");
        }
        double seconds = seconds(row);
        long count = count(row);
        return List.of(
                row.name(),
                format("%.2f", seconds),
                row.tokens() == 0 ? "" : format("%,.0f", row.tokens() / seconds),
                count == 0 ? "" : format("%.3g", count / 1e12),
                count == 0 ? "" : format("%.3g", count / 1e12 / seconds),
                count == 0 ? "" : format("%.0f %%", 100 * share(row)));
    }

    // ---- figures ----

    private boolean reached(Row row) {
        return row.stages().stream().allMatch(stage -> run.of(stage).isPresent());
    }

    /// A stage of less than a millisecond counts as one.
    private double seconds(Row row) {
        return Math.max(
                1e-3,
                row.stages().stream()
                        .mapToDouble(stage -> run.of(stage).orElseThrow())
                        .sum());
    }

    private long count(Row row) {
        return row.stages().stream().mapToLong(this::count).sum();
    }

    private long count(String stage) {
        return switch (stage) {
            case "covariance" -> operations.covariance();
            case EIGENBASIS -> operations.eigenbasis();
            case "lambda" -> operations.lambda();
            case "queries" -> operations.queryGradients();
            case "scores" -> operations.scores();
            default -> 0;
        };
    }

    /// What the operations take at the rate of the product, over what they took. Eigendecompositions are in float64.
    private double share(Row row) {
        double least = row.stages().stream()
                .mapToDouble(stage -> count(stage) / rate(stage.equals(EIGENBASIS) ? "float64" : type))
                .sum();
        return least / seconds(row);
    }

    private double rate(String name) {
        return rates.get("gemm").get(name).asDouble();
    }

    private long number(String field) {
        return description.get(field).asLong();
    }

    private String shape() {
        return description.get("shape").asText();
    }

    // ---- files ----

    void append(Path csv, Path results) throws IOException {
        var lines = new StringBuilder();
        if (!Files.exists(csv)) {
            lines.append("shape,documents,tokens,queries,rank,type,stage,seconds,tokens_per_second,operations,share\n");
        }
        String common = shape() + "," + number("documents") + "," + number("tokens") + "," + number("queries") + ","
                + operations.rank() + "," + type + ",";
        for (Row row : rows()) {
            lines.append(common).append(row.name()).append(figures(row)).append('\n');
        }
        append(csv, lines.toString());
        append(results, result() + "\n");
    }

    private String figures(Row row) {
        if (!reached(row)) {
            return ",,,,";
        }
        double seconds = seconds(row);
        String speed = row.tokens() == 0 ? "" : format("%.1f", row.tokens() / seconds);
        return format(",%.3f,", seconds) + speed + "," + count(row) + format(",%.4f", share(row));
    }

    /// Everything that the table is made of, on one line.
    private ObjectNode result() {
        ObjectNode line = new ObjectMapper().createObjectNode();
        line.set("case", description);
        line.put("rank", operations.rank()).put("type", type).set("machine", rates);
        ArrayNode stages = line.putArray("stages");
        for (Row row : rows()) {
            if (reached(row)) {
                stages.addObject()
                        .put("name", row.name())
                        .put("seconds", seconds(row))
                        .put("tokens", row.tokens())
                        .put("operations", count(row));
            }
        }
        return line;
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
