package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands one after the other, against the numbers of the golden case `llama`.
class CommandsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final GoldenCase GOLDEN = GoldenCase.load("llama");
    private static final Path DOCUMENTS = GOLDEN.folder().resolve("documents.jsonl");
    private static final Path QUERIES = GOLDEN.folder().resolve("queries.jsonl");

    /// The golden files hold losses rounded to float32.
    private static final double LOSS_ROUNDING = 0x1p-24;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path factors;
    private static Path scores;

    @BeforeAll
    static void fitAndScoreOnce() {
        factors = shared.resolve("factors");
        scores = shared.resolve("scores");
        fit(factors, DOCUMENTS, "--modules", "all");
        score(factors, scores, DOCUMENTS, "--modules", "mlp", "--rank", "full", "--token-scores", "--module-scores");
    }

    @Test
    void commandsPrintTheFolderTheyWrote() {
        assertThat(fit(factors, DOCUMENTS, "--modules", "all")).isEqualTo(factors + "\n");
    }

    @Test
    void scoresAreThoseOfTheGoldenCase() {
        var exported = ExportedScores.of(scores);
        assertThat(exported.text("query").stream().distinct())
                .containsExactlyElementsOf(GOLDEN.queries().keySet());
        assertThat(exported.text("document").subList(0, GOLDEN.documents().size()))
                .containsExactlyElementsOf(GOLDEN.documents().keySet());
        assertEqual(exported.raw(), "scores/mlp/ekfac/mean0.1");
    }

    /// With itself a run agrees in everything; the golden scores of two dampings say how far those two do.
    @Test
    void runsAreComparedQueryByQuery() throws IOException {
        Path other = folder.resolve("other");
        score(factors, other, DOCUMENTS, "--modules", "mlp", "--rank", "full", "--damping", "0.001");
        JsonNode same = JSON.readTree(Commands.succeed("compare", scores, scores, "-k", 3, "--format", "json"));
        JsonNode found = JSON.readTree(Commands.succeed("compare", scores, other, "-k", "3,5", "--format", "json"));
        int documents = GOLDEN.documents().size();
        double[] exact = GOLDEN.values("scores/mlp/ekfac/mean0.1");
        double[] approximate = GOLDEN.values("scores/mlp/ekfac/0.001");
        int q = 0;
        for (String query : GOLDEN.queries().keySet()) {
            int from = q++ * documents;
            double[] right = Arrays.copyOfRange(exact, from, from + documents);
            double[] wrong = Arrays.copyOfRange(approximate, from, from + documents);
            assertThat(same.at("/queries/" + query + "/correlation").asDouble()).isCloseTo(1, within(1e-9));
            assertThat(same.at("/queries/" + query + "/recall_3").asDouble()).isEqualTo(1);
            assertThat(found.at("/queries/" + query + "/correlation").asDouble())
                    .isCloseTo(new PearsonsCorrelation().correlation(right, wrong), within(1e-4));
        }
        assertThat(Commands.succeed("compare", scores, other)).contains("median query  worst query");
        Commands.Answer refused = Commands.run("compare", scores, factors);
        assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(refused.err()).contains("expected scores, found factors");
    }

    @ParameterizedTest
    @CsvSource({
        "all, ekfac, 0.1x, full, scores/all/ekfac/mean0.1",
        "mlp, ekfac, 0.001, full, scores/mlp/ekfac/0.001",
        "mlp, ekfac, 0.1x, 4, scores/mlp/ekfac-rank4/mean0.1",
        "mlp, kfac, 0.1x, full, scores/mlp/kfac/mean0.1",
        "mlp, identity, 0.1x, full, scores/mlp/identity/mean0.1",
    })
    void oneFitServesOtherChoicesOfScore(String modules, String curvature, String damping, String rank, String key) {
        Path run = folder.resolve("run");
        score(
                factors,
                run,
                DOCUMENTS,
                "--modules",
                modules,
                "--curvature",
                curvature,
                "--damping",
                damping,
                "--rank",
                rank);
        assertEqual(ExportedScores.of(run).raw(), key);
    }

    @ParameterizedTest
    @CsvSource({"kfac", "diagonal", "identity"})
    void scoreTakesUpWhatTheFactorsWereFittedFor(String curvature) {
        Path own = folder.resolve("factors");
        Path run = folder.resolve("run");
        fit(own, DOCUMENTS, "--curvature", curvature);
        score(own, run, DOCUMENTS, "--rank", "full");
        assertEqual(ExportedScores.of(run).raw(), "scores/mlp/" + curvature + "/mean0.1");
        assertThat(Manifest.read(run).settings())
                .containsEntry("curvature", curvature)
                .containsEntry("modules", "mlp");
    }

    @Test
    void documentsAndQueriesGivenAsTextScoreAlike() throws IOException {
        Path documents = without(DOCUMENTS, "tokens");
        Path queries = without(QUERIES, "prompt_tokens", "completion_tokens");
        Path own = folder.resolve("factors");
        Path run = folder.resolve("run");
        fit(own, documents);
        Commands.succeed(scoring(own, run, documents, queries, "--rank", "full"));
        assertEqual(ExportedScores.of(run).raw(), "scores/mlp/ekfac/mean0.1");
    }

    /// A folder without a manifest: what kronfluence leaves.
    @Test
    void factorsWithoutAManifestAreTaken() throws IOException {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        try (Stream<Path> files = Files.list(factors)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".safetensors"))
                    .toList()) {
                Files.copy(file, bare.resolve(file.getFileName()));
            }
        }
        Path run = folder.resolve("run");
        score(bare, run, DOCUMENTS, "--rank", "full");
        assertEqual(ExportedScores.of(run).raw(), "scores/mlp/ekfac/mean0.1");
    }

    @Test
    void smallShardsGiveTheSameScores() throws IOException {
        Path run = folder.resolve("run");
        score(factors, run, DOCUMENTS, "--modules", "mlp", "--rank", "full", "--shard-tokens", "100");
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.filter(file -> file.toString().endsWith(".arrow")).count())
                    .isGreaterThan(5);
        }
        assertEqual(ExportedScores.of(run).raw(), "scores/mlp/ekfac/mean0.1");
    }

    @Test
    void tokenScoresAndModuleScoresAddUpToScores() {
        double[] losses = GOLDEN.values("loss/queries");
        double largest = largest(GOLDEN.values("scores/mlp/ekfac/mean0.1"));
        try (ScoreFolder run = ScoreFolder.open(scores)) {
            for (int q = 0; q < losses.length; q++) {
                for (var ranked :
                        run.top(q, losses[q], 100, Normalisation.RAW, Tail.TOP).best()) {
                    ScoreRow row = ranked.row();
                    double[] tokens = run.tokenScores(row, q);
                    double[] modules = run.moduleScores(row, q);
                    assertThat(tokens).hasSize(row.tokens() - 1);
                    assertThat(modules).hasSize(GOLDEN.modules("mlp").size());
                    assertThat(DoubleStream.of(tokens).sum()).isCloseTo(row.raw(), within(1e-12 * largest));
                    assertThat(DoubleStream.of(modules).sum()).isCloseTo(row.raw(), within(1e-12 * largest));
                }
            }
        }
    }

    @Test
    void natAndNormalisedFollowFromRaw() {
        var exported = ExportedScores.of(scores);
        List<ScoredQuery> queries = ScoredQuery.read(scores);
        double[] raw = exported.raw();
        double[] nat = exported.column("nat");
        int documents = GOLDEN.documents().size();
        for (int i = 0; i < raw.length; i++) {
            assertThat(nat[i]).isEqualTo(raw[i] / queries.get(i / documents).loss());
        }
        double[] normalised = exported.column("normalised");
        double norm = nat[0] / normalised[0];
        assertThat(nat[documents] / normalised[documents]).isCloseTo(norm, within(1e-9 * norm));
    }

    @Test
    void topRanksAsTheGoldenCaseDoes() {
        List<String> best = namesByScore("q00");
        String csv = Commands.succeed("top", scores, "--query", "q00", "-k", 5, "--format", "csv");
        assertThat(ExportedScores.parse(csv).text("document")).isEqualTo(best.subList(0, 5));
        String bottom = Commands.succeed("top", scores, "--query", "q00", "-k", 5, "--bottom", "--format", "csv");
        assertThat(ExportedScores.parse(bottom).text("document"))
                .isEqualTo(best.reversed().subList(0, 5));
    }

    @Test
    void topAsJsonHoldsEveryQueryAndEveryField() throws IOException {
        JsonNode all =
                JSON.readTree(Commands.succeed("top", scores, "-k", 3, "--by", "normalised", "--format", "json"));
        assertThat(all).hasSize(GOLDEN.queries().size());
        for (JsonNode query : all) {
            assertThat(query.path("by").asText()).isEqualTo("normalised");
            assertThat(query.path("scored").asInt())
                    .isEqualTo(query.path("kept").asInt())
                    .isEqualTo(GOLDEN.documents().size());
            assertThat(query.path("not_ranked").asInt()).isZero();
            assertThat(query.path("documents")).hasSize(3);
            List<Double> values = new ArrayList<>();
            query.path("documents")
                    .forEach(document -> values.add(document.path("normalised").asDouble()));
            assertThat(values).isSortedAccordingTo((one, other) -> Double.compare(other, one));
        }
        assertThat(all.get(0).path("loss").asDouble())
                .isEqualTo(ScoredQuery.read(scores).getFirst().loss());
    }

    @Test
    void topAsATableNamesQueryAndDocumentsWithinTheWidth() {
        List<String> lines = Commands.onTerminal(80, "top", scores, "--query", "q00", "-k", 4);
        String table = String.join("\n", lines);
        assertThat(table).contains("q00 (factual, capital): the most positive of 24 documents");
        assertThat(table).contains(namesByScore("q00").subList(0, 4));
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void parquetHoldsWhatCsvHolds() throws SQLException {
        Path file = folder.resolve("scores.parquet");
        assertThat(Commands.succeed("export", scores, "--format", "parquet", "--out", file))
                .isEqualTo(file + "\n");
        List<String> documents = new ArrayList<>();
        List<Double> raw = new ArrayList<>();
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select document, raw from read_parquet('" + file + "')")) {
            while (rows.next()) {
                documents.add(rows.getString(1));
                raw.add(rows.getDouble(2));
            }
        }
        var exported = ExportedScores.of(scores);
        assertThat(documents).isEqualTo(exported.text("document"));
        assertThat(raw)
                .containsExactlyElementsOf(Arrays.stream(exported.raw()).boxed().toList());
    }

    @Test
    void exportToAFileIsWhatExportToTheTerminalIs() throws IOException {
        Path file = folder.resolve("scores.csv");
        Commands.succeed("export", scores, "--format", "csv", "--out", file);
        String csv = Files.readString(file);
        assertThat(csv).isEqualTo(Commands.succeed("export", scores, "--format", "csv"));
        assertThat(csv).startsWith("query,document,source,raw,nat,normalised,bm25,length,gradient_norm,shuffled\n");
    }

    @Test
    void arrowFileIsWholeAndHoldsTheDocuments() throws IOException {
        Path file = folder.resolve("scores.arrow");
        Commands.succeed("export", scores, "--format", "arrow", "--out", file);
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).startsWith("ARROW1").endsWith("ARROW1").contains(String.join("", documentIds()));
    }

    @Test
    void queriesKeepLossAndKind() {
        List<ScoredQuery> queries = ScoredQuery.read(scores);
        double[] expected = GOLDEN.values("loss/queries");
        for (int q = 0; q < expected.length; q++) {
            assertThat(queries.get(q).loss()).isCloseTo(expected[q], within(LOSS_ROUNDING * expected[q]));
        }
        assertThat(queries).extracting(ScoredQuery::kind).contains("factual", "reasoning");
    }

    /// Both say what they are going to do, and leave nothing.
    @Test
    void explainSaysWhatWouldBeDoneAndStops() {
        Path out = folder.resolve("explained");
        String fitting = fit(out, DOCUMENTS, "--modules", "mlp", "--explain");
        assertThat(fitting).contains("batches", "covariance", "passes: 1", "eigenbasis", "lambda", "MFLOP");
        List<Object> arguments = new ArrayList<>(List.of(scoring(factors, out, DOCUMENTS, QUERIES)));
        arguments.addAll(List.of("--modules", "mlp", "--rank", "2", "--explain"));
        String scoring = Commands.succeed(arguments.toArray());
        assertThat(scoring).contains("compressed to rank 2", "memory: query block", "contractions", " rows", "formed");
        assertThat(out).doesNotExist();
    }

    private static String fit(Path out, Path documents, String... options) {
        List<Object> arguments = new ArrayList<>(
                List.of("fit", "--model", GOLDEN.model(), "--documents", documents, "--out", out, "--labels", "own"));
        arguments.addAll(List.of("--dtype", "float64", "--backend", "reference", "--progress", "off"));
        arguments.addAll(List.of(options));
        return Commands.succeed(arguments.toArray());
    }

    private static void score(Path factors, Path out, Path documents, String... options) {
        Commands.succeed(scoring(factors, out, documents, QUERIES, options));
    }

    private static Object[] scoring(Path factors, Path out, Path documents, Path queries, String... options) {
        List<Object> arguments = new ArrayList<>(List.of("score", "--model", GOLDEN.model(), "--factors", factors));
        arguments.addAll(List.of("--queries", queries, "--documents", documents, "--out", out));
        arguments.addAll(List.of("--dtype", "float64", "--backend", "reference", "--progress", "off"));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    /// A copy of a file of JSON lines without some fields.
    private Path without(Path file, String... fields) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            ObjectNode object = (ObjectNode) JSON.readTree(line);
            lines.add(object.remove(List.of(fields)).toString());
        }
        return Files.write(folder.resolve(String.valueOf(file.getFileName())), lines);
    }

    private static List<String> documentIds() {
        return List.copyOf(GOLDEN.documents().keySet());
    }

    /// The documents by their expected score for a query, the largest first.
    private static List<String> namesByScore(String query) {
        List<String> names = documentIds();
        int q = List.copyOf(GOLDEN.queries().keySet()).indexOf(query);
        double[] expected = GOLDEN.values("scores/mlp/ekfac/mean0.1");
        return names.stream()
                .sorted((one, other) -> Double.compare(
                        expected[q * names.size() + names.indexOf(other)],
                        expected[q * names.size() + names.indexOf(one)]))
                .toList();
    }

    private static void assertEqual(double[] found, String key) {
        double[] expected = GOLDEN.values(key);
        assertThat(found).containsExactly(expected, within(1e-9 * largest(expected)));
    }

    private static double largest(double[] values) {
        return DoubleStream.of(values).map(Math::abs).max().orElseThrow();
    }
}
