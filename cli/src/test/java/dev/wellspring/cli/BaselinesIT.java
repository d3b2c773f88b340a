package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.Baselines;
import dev.wellspring.model.Sequence;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.rank.Agreement;
import dev.wellspring.run.documents.DocumentSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cheaper methods say, beside influence: kept by `score`, shown by `top`, `export` and `baselines`.
class BaselinesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DOCUMENTS = 130;
    private static final int QUERIES = 16;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path factors;
    private static Path scored;
    private Path run;

    @BeforeAll
    static void scoreOnce() throws IOException {
        Commands.copyDemo(shared, DOCUMENTS);
        factors = shared.resolve("factors");
        scored = shared.resolve("run");
        Commands.succeed(with("fit", "--documents", documents(), "--out", factors));
        Commands.succeed(scoring(scored, "--shard-tokens", 900, "--max-tokens", 24));
    }

    @BeforeEach
    void copyTheRun() throws IOException {
        run = Files.createDirectory(folder.resolve("run"));
        try (Stream<Path> files = Files.list(scored)) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void scoresByBm25AreThoseOfTheTokensOfDocumentsAndQueries() throws IOException {
        List<int[]> documents = new ArrayList<>();
        List<int[]> queries;
        try (Tokenizer tokenizer = Tokenizer.open(shared.resolve("model"))) {
            int vocabulary = 10_000;
            queries = QueryTexts.read(shared.resolve("queries.jsonl"), tokenizer, vocabulary).stream()
                    .map(query -> Sequence.query(query.promptTokens(), query.completionTokens())
                            .tokens())
                    .toList();
            CorpusSource corpus =
                    CorpusSource.of(List.of(documents()), tokenizer, new Tokenisation(24, vocabulary, false));
            try (DocumentSource.Chunks chunks = corpus.open(0)) {
                chunks.forEachRemaining(chunk -> documents.add(chunk.tokens()));
            }
        }
        assertThat(documents).as("some in two parts").hasSizeGreaterThan(DOCUMENTS);
        assertThat(ExportedScores.of(run).column("bm25"))
                .containsExactly(Arrays.stream(Baselines.bm25(documents, queries))
                        .flatMapToDouble(Arrays::stream)
                        .map(score -> (float) score)
                        .toArray());
    }

    @ParameterizedTest
    @CsvSource({"bm25, bm25", "length, length", "gradient-norm, gradient_norm", "shuffled, shuffled"})
    void topRanksByABaselineAndSaysWhereInfluenceHasIt(String by, String column) {
        ExportedScores all = ofQuery("arithmetic-3", ExportedScores.of(run));
        double[] baseline = all.column(column);
        double[] raw = all.raw();
        ExportedScores top = ExportedScores.parse(
                Commands.succeed("top", run, "--query", "arithmetic-3", "--by", by, "-k", 20, "--format", "csv"));
        assertThat(top.rows()).hasSize(20);
        double last = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 20; i++) {
            int at = number(all, top, i);
            assertThat(baseline[at]).isLessThanOrEqualTo(last);
            last = baseline[at];
            assertThat(top.column("raw_rank")[i]).isEqualTo(place(raw, raw[at]));
        }
        double least = last;
        assertThat(Arrays.stream(baseline).filter(value -> value > least).count())
                .isLessThan(20);
        assertThat(Commands.succeed("top", run, "--query", "arithmetic-3", "--by", by, "-k", 2))
                .contains("arithmetic-3 (reasoning, two-step-arithmetic): the first by " + by + " of")
                .contains("raw rank");
    }

    @Test
    void topSaysWhereBm25HasEachDocument() throws IOException {
        ExportedScores all = ofQuery("capital-ostria", ExportedScores.of(run));
        double[] bm25 = all.column("bm25");
        JsonNode top = JSON.readTree(Commands.succeed(
                        "top", run, "--query", "capital-ostria", "-k", 30, "--by", "normalised", "--format", "json"))
                .at("/0/documents");
        ExportedScores csv = ExportedScores.parse(Commands.succeed(
                "top", run, "--query", "capital-ostria", "-k", 30, "--by", "normalised", "--format", "csv"));
        for (int i = 0; i < 30; i++) {
            double own = bm25[number(all, csv, i)];
            JsonNode document = top.get(i);
            assertThat(document.path("bm25").asDouble()).isEqualTo(own).isEqualTo(csv.column("bm25")[i]);
            assertThat(document.path("bm25_rank").asDouble())
                    .isEqualTo(place(bm25, own))
                    .isEqualTo(csv.column("bm25_rank")[i]);
        }
        assertThat(Commands.succeed("top", run, "--query", "capital-ostria", "-k", 3))
                .contains("BM25 rank");
    }

    @Test
    void theComparisonIsThatOfTheExportedScores() throws IOException {
        ExportedScores all = ExportedScores.of(run);
        JsonNode report = JSON.readTree(Commands.succeed("baselines", run, "--by", "normalised", "--format", "json"));
        assertThat(report.path("queries")).hasSize(QUERIES);
        for (JsonNode query : report.path("queries")) {
            ExportedScores own = ofQuery(query.path("query").asText(), all);
            double[] influence = own.column("normalised");
            assertThat(query.path("baselines")).hasSize(4);
            for (JsonNode baseline : query.path("baselines")) {
                String name = baseline.path("baseline").asText();
                double[] said = name.equals("shuffled")
                        ? ofQuery(query.path("shuffled").asText(), all).column("normalised")
                        : own.column(name.replace('-', '_'));
                assertThat(baseline.path("spearman").asDouble())
                        .isCloseTo(Agreement.of(said, influence).spearman(), within(1e-9));
                if (name.equals("gradient-norm")) { // without equal ones
                    assertThat(baseline.path("top10").asDouble())
                            .isEqualTo(10 - Agreement.changed(said, influence, 10));
                }
            }
        }
        assertThat(report.at("/kinds/0/kind").asText()).isEqualTo("factual");
        assertThat(report.at("/kinds/1/queries").asInt()).isEqualTo(QUERIES / 2);
        assertThat(Commands.succeed("baselines", run))
                .containsPattern("kind +queries +baseline +top 10 +top 100 +rank correlation")
                .containsPattern("reasoning +8 +bm25 +\\d+[.]\\d +\\d+[.]\\d +-?0[.]\\d{3}");
        assertThat(Commands.succeed("baselines", run, "--format", "csv").lines())
                .hasSize(1 + 4 * QUERIES);
    }

    @Test
    void aRunThatWasFinishedWithoutThemGetsTheBytesOfOneThatKeptThem() throws IOException {
        forget();
        assertThat(Commands.succeed("top", run, "-k", 3)).doesNotContain("BM25 rank");
        assertThat(Commands.run("top", run, "--by", "bm25").complaints().getFirst())
                .contains("--by bm25: expected a run with BM25 scores", "wellspring baselines " + run);
        assertThat(ExportedScores.of(run).column("bm25")).containsOnly(Double.NaN);
        Commands.Answer without = Commands.run("baselines", run);
        assertThat(without.err()).contains("bm25 is left out");
        assertThat(without.out()).contains("gradient-norm").doesNotContain("bm25");

        assertThat(Commands.succeed(adding(documents()))).contains("bm25");
        assertThat(content(run)).isEqualTo(content(scored));
        forget();
        Commands.succeed(scoring(run, "--shard-tokens", 900, "--max-tokens", 24));
        assertThat(content(run)).as("by the command that made it").isEqualTo(content(scored));
        Files.delete(run.resolve("bm25-00001.arrow"));
        Commands.succeed(adding(documents()));
        assertThat(content(run)).isEqualTo(content(scored));
    }

    @Test
    void whatARunWasNotMadeFromIsRefused() throws IOException {
        forget();
        Map<String, String> before = content(run);
        Path other = Files.copy(documents(), folder.resolve("other.jsonl"));
        Files.writeString(other, "{\"text\": \"one more\"}\n", StandardOpenOption.APPEND);
        assertThat(refusal(adding(other))).contains("--documents: expected the documents of the run");
        Object[] queries = adding(documents());
        queries[Arrays.asList(queries).indexOf("--queries") + 1] = other;
        assertThat(refusal(queries)).contains("--queries: expected the queries of the run");
        assertThat(refusal("baselines", run, "--documents", documents())).contains("--model");
        Object[] neither = Arrays.copyOf(adding(documents()), adding(documents()).length - 2);
        assertThat(refusal(neither)).contains("--documents: expected these or --store, got neither");
        assertThat(content(run)).isEqualTo(before);
    }

    @Test
    void theyCanBeLeftOut() throws IOException {
        Path without = folder.resolve("without");
        Commands.succeed(scoring(without, "--no-bm25"));
        assertThat(without).isDirectoryNotContaining("glob:**bm25*");
        assertThat(Files.readString(without.resolve("manifest.json"))).doesNotContain("bm25");
    }

    @Test
    void aSearchOfEveryDocumentTakesThemFromItsStore() {
        Path store = folder.resolve("store");
        Path found = folder.resolve("found");
        Path exact = folder.resolve("exact");
        Commands.succeed(
                with("index", "--factors", factors, "--documents", documents(), "--out", store, "--shard-size", "64K"));
        Commands.succeed(searching(store, found, "--all-scores"));
        Commands.succeed(scoring(exact));
        Object[] adding = {
            "baselines",
            found,
            "--model",
            shared.resolve("model"),
            "--queries",
            shared.resolve("queries.jsonl"),
            "--store",
            store
        };
        Commands.succeed(adding);
        assertThat(ExportedScores.of(found).text("document"))
                .isEqualTo(ExportedScores.of(exact).text("document"));
        assertThat(ExportedScores.of(found).column("bm25"))
                .containsExactly(ExportedScores.of(exact).column("bm25"));

        Path ends = folder.resolve("ends");
        Commands.succeed(searching(store, ends, "--keep", 5));
        assertThat(refusal("baselines", ends)).contains("expected the scores of every document", "--all-scores");
        assertThat(refusal("top", ends, "--by", "length")).contains("--by length: expected the scores of every");
        assertThat(Commands.succeed("top", ends, "-k", 3)).doesNotContain("BM25 rank");
    }

    /// The JVM itself says a line about its incubator modules.
    @Test
    void librariesSayNothingOfTheirOwn() throws Exception {
        Path err = folder.resolve("err");
        try (ChildJvm child = ChildJvm.start(err, scoring(folder.resolve("out")))) {
            assertThat(child.requireEnd()).isZero();
        }
        assertThat(Files.readString(err)).contains("queries: 16").doesNotContainIgnoringCase("lucene");
    }

    /// Makes the run one of before BM25.
    private void forget() throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            for (Path file :
                    files.filter(file -> file.toString().contains("bm25-")).toList()) {
                Files.delete(file);
            }
        }
        Path manifest = run.resolve("manifest.json");
        ObjectNode json = (ObjectNode) JSON.readTree(manifest.toFile());
        assertThat(((ObjectNode) json.path("results")).remove("bm25")).isNotNull();
        Files.writeString(manifest, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    private Object[] adding(Path documents) {
        return new Object[] {
            "baselines",
            run,
            "--model",
            shared.resolve("model"),
            "--queries",
            shared.resolve("queries.jsonl"),
            "--documents",
            documents
        };
    }

    private static String refusal(Object... command) {
        Commands.Answer answer = Commands.run(command);
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.out()).isEmpty();
        return answer.complaints().getFirst();
    }

    private static Object[] searching(Path store, Path out, Object... options) {
        return scoringBy("search", "--store", store, out, options);
    }

    private static Object[] scoring(Path out, Object... options) {
        List<Object> all = new ArrayList<>(List.of("--documents", documents()));
        all.addAll(List.of(options));
        return scoringBy("score", "--factors", factors, out, all.toArray());
    }

    private static Object[] scoringBy(String verb, String from, Path source, Path out, Object... options) {
        List<Object> all = new ArrayList<>(List.of(verb, from, source, "--out", out));
        all.addAll(List.of("--queries", shared.resolve("queries.jsonl")));
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

    private static ExportedScores ofQuery(String query, ExportedScores all) {
        return new ExportedScores(all.rows().stream()
                .filter(row -> row.getField("query").equals(query))
                .toList());
    }

    /// Where a score stands among all.
    private static double place(double[] scores, double score) {
        return 1 + (double) Arrays.stream(scores).filter(other -> other > score).count();
    }

    /// The number, among all documents, of one in a ranking.
    private static int number(ExportedScores all, ExportedScores top, int place) {
        String part = top.text("part").get(place);
        String name = top.text("document").get(place) + (part.equals("0") ? "" : "#" + part);
        List<String> names = all.text("document");
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> content(Path run) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(run)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("history.jsonl")).toList()) {
                content.put(
                        String.valueOf(file.getFileName()),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }
}
