package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Agreement;
import dev.wellspring.run.Progress;
import dev.wellspring.run.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every verb that analyses a run, in every form, on a run of the embedded example.
class AnalysesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DOCUMENTS = 130;
    private static final int QUERIES = 16;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path run = Path.of("");

    @BeforeAll
    static void scoreOnce() throws IOException {
        Commands.copyDemo(shared, DOCUMENTS);
        run = shared.resolve("run");
        Commands.succeed(with("fit", "--documents", documents(), "--out", shared.resolve("factors")));
        Commands.succeed(scoring(run, "--token-scores", "--shard-tokens", 900));
    }

    @ParameterizedTest
    @ValueSource(strings = {"correlate", "coverage", "sources", "across", "answers", "compare", "baselines", "top"})
    void everyVerbWritesEveryForm(String verb) throws IOException, SQLException {
        Path csv = folder.resolve("found.csv");
        Path parquet = folder.resolve("found.parquet");
        assertThat(Commands.succeed(command(verb)).lines()).hasSizeGreaterThan(3);
        JsonNode json = JSON.readTree(Commands.succeed(command(verb, "--format", "json")));
        assertThat(json.isContainerNode()).isTrue();
        assertThat(json.size()).isPositive();
        String printed = Commands.succeed(command(verb, "--format", "csv"));
        assertThat(Commands.succeed(command(verb, "--format", "csv", "--out", csv)))
                .isEqualTo(csv + System.lineSeparator());
        assertThat(csv).hasContent(printed);
        Commands.succeed(command(verb, "--format", "parquet", "--out", parquet));
        String first = printed.substring(0, printed.indexOf(','));
        List<String> read = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM '" + parquet + "'")) {
            while (rows.next()) {
                read.add(rows.getString(first));
            }
        }
        assertThat(read).isNotEmpty().isEqualTo(ExportedScores.parse(printed).text(first));
        assertThat(Commands.run(command(verb, "--format", "parquet"))
                        .complaints()
                        .getFirst())
                .contains("--out: expected a file for --format parquet");
        assertThat(Commands.succeed(verb, "--help")).contains("Examples:", "--format");
    }

    @Test
    void correlationsAreThoseOfTheExportedScores() {
        double[] raw = ExportedScores.of(run).raw();
        ExportedScores pairs = ExportedScores.parse(Commands.succeed("correlate", run, "--format", "csv"));
        assertThat(pairs.rows()).hasSize(QUERIES * (QUERIES - 1) / 2);
        int row = 0;
        for (int i = 0; i < QUERIES; i++) {
            for (int j = i + 1; j < QUERIES; j++, row++) {
                Agreement expected = Agreement.of(ofQuery(raw, i), ofQuery(raw, j));
                assertThat(pairs.column("pearson")[row]).isCloseTo(expected.pearson(), within(1e-9));
                assertThat(pairs.column("spearman")[row]).isCloseTo(expected.spearman(), within(1e-9));
            }
        }
        assertThat(Commands.succeed("correlate", run))
                .contains("their scores of 130 documents")
                .containsPattern("one task +reasoning, two-step-arithmetic +28 +-?[01]\\.\\d{3} \\(")
                .containsPattern("two kinds +factual and reasoning +64 ");
    }

    @Test
    void everyShareIsThatOfTheExportedScores() {
        double[] raw = ExportedScores.of(run).raw();
        ExportedScores shares = ExportedScores.parse(Commands.succeed("coverage", run, "--format", "csv"));
        double[] positive =
                Arrays.stream(ofQuery(raw, 0)).filter(x -> x > 0).sorted().toArray();
        int checked = 0;
        for (var row : shares.rows()) {
            if (row.getField("query").equals("capital-norland")
                    && row.getField("sign").equals("positive")) {
                double percentage = Double.parseDouble(row.getField("percentage"));
                int first = (int) Math.ceil(positive.length * percentage / 100 - 1e-9);
                assertThat(Double.parseDouble(row.getField("share")))
                        .isCloseTo(
                                Arrays.stream(positive, positive.length - first, positive.length)
                                                .sum()
                                        / Arrays.stream(positive).sum(),
                                within(1e-9));
                checked++;
            }
        }
        assertThat(checked).isEqualTo(13);
    }

    @Test
    void answersAreThoseThatTheTextsHold() throws IOException {
        ExportedScores found = ExportedScores.parse(Commands.succeed(command("answers", "--format", "csv")));
        List<String> texts = Files.readAllLines(documents());
        for (var row : found.rows()) {
            if (row.getField("family").equals("capital")) {
                long holding = texts.stream()
                        .filter(text -> text.matches(".*\\b" + row.getField("texts") + "\\b.*"))
                        .count();
                assertThat(row.getField("documents")).as(row.getField("query")).isEqualTo(Long.toString(holding));
                assertThat(Double.parseDouble(row.getField("expected"))).isCloseTo(50.0 * holding / 130, within(1e-9));
            }
        }
        assertThat(found.rows()).hasSize(QUERIES);
        assertThat(Commands.succeed(command("answers", "--model", shared.resolve("model"), "--format", "csv")))
                .as("decoded from token ids")
                .isEqualTo(Commands.succeed(command("answers", "--format", "csv")));
    }

    @Test
    void whatTheRunWasNotMadeFromIsRefused() throws IOException {
        Path other = Files.copy(documents(), folder.resolve("other.jsonl"));
        Files.writeString(other, "{\"text\": \"one more\"}\n", StandardOpenOption.APPEND);
        assertThat(refusal("answers", run, "--documents", other))
                .contains("--documents: expected the documents of the run, found another by content");
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            Files.copy(shared.resolve("model").resolve(file), model.resolve(file));
        }
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        weights[weights.length - 2] ^= 1;
        Files.write(model.resolve("model.safetensors"), weights);
        for (String verb : List.of("answers", "report")) {
            assertThat(refusal(verb, run, "--documents", documents(), "--model", model))
                    .contains("--model: expected the model of the run, found another by content");
            assertThat(refusal(verb, run, "--documents", other, "--model", shared.resolve("model")))
                    .contains("--documents: expected the documents of the run, found another by content");
        }
        Path split = folder.resolve("split");
        Commands.succeed(scoring(split, "--max-tokens", 24));
        assertThat(refusal("answers", split, "--documents", documents()))
                .contains("--model: expected the checkpoint of the run", "was split into parts");
        assertThat(Commands.succeed("answers", split, "--documents", documents(), "--model", shared.resolve("model")))
                .contains("Whether the answer stands in a document");
        assertThat(refusal("compare", run, split)).contains("expected the 130 documents of");
    }

    @Test
    void everyDocumentIsNeeded() {
        Path store = folder.resolve("store");
        Path ends = folder.resolve("ends");
        Commands.succeed(
                with("index", "--factors", shared.resolve("factors"), "--documents", documents(), "--out", store));
        Commands.succeed(with(
                "search", "--store", store, "--queries", shared.resolve("queries.jsonl"), "--keep", 5, "--out", ends));
        for (String verb : List.of("correlate", "coverage", "sources", "across")) {
            assertThat(refusal(verb, ends)).contains("expected the scores of every document", "--all-scores");
        }
        assertThat(refusal("answers", ends, "--documents", documents())).contains("--all-scores");
        assertThat(refusal("correlate", store)).contains("expected scores, found");
    }

    @Test
    void theTextsOfAStoreAreSplitAsItsDocumentsWere() throws IOException {
        Path store = folder.resolve("store");
        Path all = folder.resolve("all");
        Commands.succeed(indexing(store, documents(), "--max-tokens", 24));
        Commands.succeed(searching(store, all));
        assertThat(JSON.readTree(all.resolve("manifest.json").toFile())
                        .at("/settings/max-tokens")
                        .asText())
                .isEqualTo("24");
        ExportedScores found = ExportedScores.parse(Commands.succeed(
                "answers", all, "--documents", documents(), "--model", shared.resolve("model"), "--format", "csv"));
        Path split = folder.resolve("split");
        Commands.succeed(scoring(split, "--max-tokens", 24));
        ExportedScores expected = ExportedScores.parse(Commands.succeed(
                "answers", split, "--documents", documents(), "--model", shared.resolve("model"), "--format", "csv"));
        assertThat(found.text("documents")).isEqualTo(expected.text("documents"));
        assertThat(leftOut(all, folder.resolve("report.html"), documents()))
                .noneMatch(line -> line.contains("not found"))
                .anyMatch(line -> line.startsWith("Documents of more than 24 tokens were split"));
    }

    @Test
    void textsOfAStoreThatWasSplitAtSeveralLengthsAreRefused() throws IOException {
        Path store = folder.resolve("store");
        Path all = folder.resolve("all");
        Path more =
                Files.writeString(folder.resolve("more.jsonl"), "{\"id\": \"x\", \"text\": \"Another text here.\"}\n");
        Commands.succeed(indexing(store, documents(), "--max-tokens", 24));
        Commands.succeed(indexing(store, more, "--max-tokens", 32, "--append"));
        Commands.succeed(searching(store, all));
        assertThat(refusal("answers", all, "--documents", documents(), more, "--model", shared.resolve("model")))
                .contains("all split at one --max-tokens, found 24 or 32");
    }

    private static Object[] indexing(Path store, Path documents, Object... options) {
        List<Object> all = new ArrayList<>(
                List.of("index", "--factors", shared.resolve("factors"), "--documents", documents, "--out", store));
        all.addAll(List.of(options));
        return with(all.toArray());
    }

    private static Object[] searching(Path store, Path out) {
        return with(
                "search", "--store", store, "--queries", shared.resolve("queries.jsonl"), "--all-scores", "--out", out);
    }

    @Test
    void aReportSaysWhichTextsOfAStoreItDidNotFind() throws IOException {
        Path store = folder.resolve("store");
        Path all = folder.resolve("all");
        Path file = folder.resolve("report.html");
        Commands.succeed(indexing(store, documents()));
        Commands.succeed(searching(store, all));
        assertThat(leftOut(all, file, documents())).noneMatch(line -> line.contains("not found"));
        List<String> lines = new ArrayList<>(Files.readAllLines(documents()));
        String lost = JSON.readTree(lines.remove(50)).path("id").asText();
        Path others = Files.write(folder.resolve("others.jsonl"), lines);
        assertThat(leftOut(all, file, others))
                .contains("Where answers stand is not shown: document " + lost
                        + " of the run was not found in its place in the documents given.")
                .anyMatch(line -> line.matches("Of \\d+ documents to be shown in full, 1 were not found .*"));
        Path none = Files.writeString(folder.resolve("none.jsonl"), "{\"id\": \"x\", \"text\": \"Another text.\"}\n");
        assertThat(refusal(report(all, file, none))).contains("found none of those that the report shows");
    }

    @Test
    void aReportCountsAnswersByTheRankingThatItShows() throws IOException {
        Path file = folder.resolve("report.html");
        for (String by : List.of("raw", "normalised")) {
            Commands.succeed(
                    "report",
                    run,
                    "--by",
                    by,
                    "--out",
                    file,
                    "--documents",
                    documents(),
                    "--model",
                    shared.resolve("model"));
            List<Double> shown = new ArrayList<>();
            ReportPages.read(file)
                    .json("report")
                    .at("/analyses/answers/groups")
                    .forEach(group -> shown.add(group.path("ratio").asDouble()));
            List<Double> counted = new ArrayList<>();
            JSON.readTree(Commands.succeed(command("answers", "--by", by, "--format", "json")))
                    .path("groups")
                    .forEach(group -> counted.add(group.path("ratio").asDouble()));
            assertThat(shown).isNotEmpty().hasSameSizeAs(counted);
            for (int i = 0; i < shown.size(); i++) {
                assertThat(shown.get(i)).isCloseTo(counted.get(i), within(1e-5 * (1 + counted.get(i))));
            }
        }
    }

    private static List<String> leftOut(Path run, Path file, Path documents) throws IOException {
        Commands.succeed(report(run, file, documents));
        List<String> lines = new ArrayList<>();
        ReportPages.read(file).json("report").at("/overview/left_out").forEach(line -> lines.add(line.asText()));
        return lines;
    }

    /// So many texts that every document's is one of them.
    private static Object[] report(Path run, Path file, Path documents) {
        return new Object[] {
            "report",
            run,
            "-k",
            DOCUMENTS,
            "--texts",
            DOCUMENTS,
            "--out",
            file,
            "--documents",
            documents,
            "--model",
            shared.resolve("model")
        };
    }

    @Test
    void whatHasMovedIsWhatRanksSay() throws IOException {
        Path other = folder.resolve("other");
        Commands.succeed(scoring(other, "--curvature", "identity"));
        JsonNode found =
                JSON.readTree(Commands.succeed("compare", run, other, "--moved", 3, "-k", 10, "--format", "json"));
        double[] before = ofQuery(ExportedScores.of(run).raw(), 0);
        double[] after = ofQuery(ExportedScores.of(other).raw(), 0);
        List<String> names = ExportedScores.of(run).text("document");
        double last = Double.POSITIVE_INFINITY;
        JsonNode moved = found.at("/queries/capital-norland/moved");
        assertThat(moved).hasSize(3);
        for (JsonNode one : moved) {
            int d = names.indexOf(one.path("document").asText());
            assertThat(one.path("rank").asInt()).isEqualTo(rank(before, d));
            assertThat(one.path("other_rank").asInt()).isEqualTo(rank(after, d));
            assertThat(Math.min(rank(before, d), rank(after, d))).isLessThanOrEqualTo(10);
            double ratio = Math.abs(Math.log((double) rank(after, d) / rank(before, d)));
            assertThat(ratio).isLessThanOrEqualTo(last).isPositive();
            last = ratio;
        }
        assertThat(Commands.succeed("compare", run, other, "--moved", 2)).contains("capital-norland: moved most");
    }

    @Test
    void concentrationIsThatOfTheTokenScores() throws IOException {
        JsonNode found = JSON.readTree(Commands.succeed("across", run, "-k", 130, "--format", "json"));
        double last = 1;
        for (JsonNode one : found.path("concentrated")) {
            assertThat(one.path("concentration").asDouble())
                    .isGreaterThan(2 / 3.0)
                    .isLessThanOrEqualTo(last);
            last = one.path("concentration").asDouble();
        }
        Path page = folder.resolve("report.html");
        Commands.succeed("report", run, "-k", 130, "--out", page);
        JsonNode top = ReportPages.read(page).json("report").at("/analyses/top");
        for (String list : List.of("frequent", "concentrated")) {
            assertThat(top.at("/found/" + list).asInt())
                    .as(list)
                    .isEqualTo(found.path(list).size());
            assertThat(top.path(list)).hasSize(Math.min(50, found.path(list).size()));
        }
        assertThat(found.path("frequent")).hasSizeGreaterThan(100);
        assertThat(found.at("/frequent/0/queries").asInt()).isEqualTo(QUERIES);
        assertThat(Commands.succeed("across", run)).contains("scores come from few tokens");
        assertThat(refusal("across", run, "-k", 0)).contains("-k: expected 1 to 5000");
    }

    @Test
    void threadsChangeNothing() {
        try (var pool = new WorkerPool(3)) {
            Analyses three = RunAnalyses.of(run, 10, pool, Progress.silent());
            Analyses one = RunAnalyses.of(run, 10, RowParallel.serial(), Progress.silent());
            assertThat(three).usingRecursiveComparison().isEqualTo(one);
        }
    }

    private static Object[] command(String verb, Object... options) {
        List<Object> all = new ArrayList<>(List.of(verb, run));
        switch (verb) {
            case "answers" -> all.addAll(List.of("--documents", documents()));
            case "compare" -> all.addAll(List.of(run, "-k", 10));
            default -> {}
        }
        all.addAll(List.of(options));
        return all.toArray();
    }

    private static double[] ofQuery(double[] all, int query) {
        int documents = all.length / QUERIES;
        return Arrays.copyOfRange(all, query * documents, (query + 1) * documents);
    }

    private static int rank(double[] scores, int document) {
        return 1
                + (int) IntStream.range(0, scores.length)
                        .filter(d -> scores[d] > scores[document] || (scores[d] == scores[document] && d < document))
                        .count();
    }

    private static String refusal(Object... command) {
        Commands.Answer answer = Commands.run(command);
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.out()).isEmpty();
        return answer.complaints().getFirst();
    }

    private static Object[] scoring(Path out, Object... options) {
        List<Object> all = new ArrayList<>(List.of("score", "--factors", shared.resolve("factors"), "--out", out));
        all.addAll(List.of("--documents", documents(), "--queries", shared.resolve("queries.jsonl")));
        all.addAll(List.of(options));
        return with(all.toArray());
    }

    private static Object[] with(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--model", shared.resolve("model"), "--backend", "reference", "--progress", "off"));
        return all.toArray();
    }

    private static Path documents() {
        return shared.resolve("documents.jsonl");
    }
}
