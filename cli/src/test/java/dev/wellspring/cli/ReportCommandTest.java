package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.Manifest;
import dev.wellspring.store.arrow.PartFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file of `wellspring report`, read without a browser.
class ReportCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aHundredQueriesWithAHundredDocumentsAtEitherEndFitIntoTwentyMegabytes() throws IOException {
        HostileRun.write(folder, 100, 5_000);
        Path file = report();
        assertThat(Files.size(file)).isLessThan(20_000_000);
        ReportPages page = ReportPages.read(file);
        assertThat(page.json("report").path("queries")).hasSize(100);
        assertThat(page.json("ranking-99").at("/top/document")).hasSize(100);
        assertThat(page.json("ranking-99").at("/bottom/document")).hasSize(100);
    }

    @Test
    void aDocumentOfSeveralRankingsIsInTheFileOnce() throws IOException {
        HostileRun.write(folder, 9, 60);
        ReportPages page = ReportPages.read(report("-k", 20));
        Set<Integer> shown = new HashSet<>();
        for (int q = 0; q < 9; q++) {
            page.json("ranking-" + q).at("/top/document").forEach(number -> shown.add(number.asInt()));
            page.json("ranking-" + q).at("/bottom/document").forEach(number -> shown.add(number.asInt()));
        }
        List<String> ids = new ArrayList<>();
        page.json("documents").forEach(document -> ids.add(document.get(0).asText()));
        assertThat(ids).hasSize(shown.size()).doesNotHaveDuplicates();
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        HostileRun.write(folder, 9, 60);
        byte[] first = Files.readAllBytes(report());
        assertThat(Files.readAllBytes(report())).isEqualTo(first);
        assertThat(Files.readAllBytes(report("--out", folder.resolve("other.html"), "--threads", 3)))
                .isEqualTo(first);
    }

    @Test
    void rankingsAndRanksAreThoseOfTheExportedScores() throws IOException {
        HostileRun.begin(folder, 5, true);
        for (int shard = 0; shard < 3; shard++) {
            HostileRun.addShard(folder, shard, 5, 100);
        }
        ReportPages page = ReportPages.read(report("-k", 40, "--by", "normalised", "--threads", 2));
        ExportedScores all = ExportedScores.of(folder);
        JsonNode documents = page.json("documents");
        for (int q = 0; q < 5; q++) {
            int from = q * 300;
            for (String end : List.of("top", "bottom")) {
                JsonNode ranking = page.json("ranking-" + q).path(end);
                double last = end.equals("top") ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                for (int i = 0; i < 40; i++) {
                    JsonNode document =
                            documents.get(ranking.path("document").get(i).asInt());
                    int at = from
                            + all.text("document")
                                    .subList(from, from + 300)
                                    .indexOf(document.get(0).asText());
                    double own = all.column("normalised")[at];
                    assertThat(end.equals("top") ? own <= last : own >= last).isTrue();
                    last = own;
                    assertThat(ranking.path("raw").get(i).asDouble())
                            .isEqualTo(all.raw()[at], org.assertj.core.api.Assertions.withPrecision(1e-6));
                    assertThat(ranking.path("rawRank").get(i).asInt()).isEqualTo(place(all.raw(), from, at));
                    assertThat(ranking.path("normalisedRank").get(i).asInt())
                            .isEqualTo(place(all.column("normalised"), from, at));
                    assertThat(ranking.path("shuffledRank").get(i).asInt())
                            .isEqualTo(place(all.column("shuffled"), from, at));
                    assertThat(document.get(6).asInt()).isEqualTo(place(all.column("length"), from, at));
                    assertThat(document.get(7).asInt()).isEqualTo(place(all.column("gradient_norm"), from, at));
                }
            }
        }
    }

    @Test
    void noTextOfTheRunIsMarkup() throws IOException {
        HostileRun.write(folder);
        ReportPages page = ReportPages.read(report());
        int queries = HostileRun.TEXTS.size() + 1;
        assertThat(page.data()).hasSize(2 + queries);
        assertThat(page.scripts()).as("the charts' library and the page's own").hasSize(2);
        assertThat(page.data().values()).allSatisfy(text -> assertThat(text).doesNotContain("<", ">", "&", "\u2028"));
        assertThat(page.text().split("<script", -1)).hasSize(1 + 4 + queries);
        assertThat(page.text()).doesNotContain("pwned'</script>", "onerror=\"document");
    }

    @Test
    void everyTextComesBackAsItWas() throws IOException {
        HostileRun.write(folder);
        ReportPages page = ReportPages.read(report());
        JsonNode queries = page.json("report").path("queries");
        Set<String> columns = new HashSet<>();
        page.json("documents")
                .forEach(document -> columns.add(document.get(9).path("column").asText()));
        for (int q = 0; q < HostileRun.TEXTS.size(); q++) {
            assertThat(queries.get(q).path("prompt").asText()).isEqualTo("prompt " + HostileRun.TEXTS.get(q));
            assertThat(columns).contains(HostileRun.TEXTS.get(q));
        }
    }

    @Test
    void textsOfTenMegabytesAreCutInDocumentsAndWholeInQueries() throws IOException {
        HostileRun.write(folder);
        ReportPages page = ReportPages.read(report());
        assertThat(page.json("report")
                        .path("queries")
                        .get(HostileRun.TEXTS.size())
                        .path("prompt")
                        .asText())
                .hasSize(10 << 20);
        page.json("documents").forEach(document -> {
            assertThat(document.get(8).asText()).hasSizeLessThan(2_100);
            assertThat(document.get(9).toString()).hasSizeLessThan(9_000);
        });
    }

    @Test
    void thePolicyLetsOnlyItsTwoScriptsRunAndNothingBeFetched() throws IOException {
        HostileRun.write(folder, 3, 10);
        ReportPages page = ReportPages.read(report());
        Matcher policy = Pattern.compile("http-equiv=\"Content-Security-Policy\" content=\"([^\"]+)\"")
                .matcher(page.text());
        assertThat(policy.find()).isTrue();
        assertThat(policy.group(1))
                .startsWith("default-src 'none'; script-src "
                        + digest(page.scripts().get(0)) + " "
                        + digest(page.scripts().get(1)) + ";")
                .doesNotContain("unsafe-eval", "http", "script-src 'unsafe", "*");
        String head = page.text().substring(0, page.text().indexOf("<script"));
        assertThat(head).doesNotContainPattern("(src|href)=\"(?!#|data:)").doesNotContain("@import", "url(");
    }

    @Test
    void theLicenceOfTheChartsIsInTheFile() throws IOException {
        HostileRun.write(folder, 3, 10);
        assertThat(ReportPages.read(report())
                        .json("report")
                        .at("/overview/licence")
                        .asText())
                .contains("Apache ECharts", "Apache License", "The Apache Software Foundation");
    }

    @Test
    void validationsAreShownAndOthersRefused() throws IOException {
        HostileRun.write(folder, 3, 10);
        Path lds = Files.createDirectories(folder.resolve("lds"));
        assertThat(refusal("--validation", lds)).contains("--validation: expected lds.json", "found none");
        Files.writeString(lds.resolve("lds.json"), "{\"methods\": 3}");
        assertThat(refusal("--validation", lds)).contains("expected an object 'methods'");
        Files.writeString(lds.resolve("lds.json"), "{\"methods\": ");
        assertThat(refusal("--validation", lds)).contains("not JSON");
        Files.writeString(lds.resolve("lds.json"), "{\"methods\": {\"ekfac\": {\"lds\": 0.4}}}");
        JsonNode shown =
                ReportPages.read(report("--validation", lds)).json("report").at("/validation/0");
        assertThat(shown.path("kind").asText()).isEqualTo("lds");
        assertThat(shown.at("/result/methods/ekfac/lds").asDouble()).isEqualTo(0.4);
    }

    @Test
    void whatCannotBeDoneIsRefusedInALine() throws IOException {
        HostileRun.write(folder, 3, 10);
        assertThat(refusal("-k", 0)).contains("-k: expected at least 1, got 0");
        assertThat(refusal("--texts", -1)).contains("--texts: expected at least 0, got -1");
        assertThat(refusal("--documents", folder)).contains("--model");
        assertThat(refusal("--watch", 70_000)).contains("--watch: expected a port from 0 to 65535, got 70000");
        assertThat(refusal("--watch", -1)).contains("--watch: expected a port from 0 to 65535, got -1");
        Commands.Answer nowhere =
                Commands.run("report", folder, "--out", folder.resolve("none").resolve("a.html"));
        assertThat(nowhere.status()).isNotEqualTo(ExitStatus.DONE);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void noOtherFileOfTheRunIsReplaced() throws IOException {
        HostileRun.write(folder, 3, 10);
        for (String name : List.of("manifest.json", "queries.json", "scores-00000.arrow")) {
            byte[] before = Files.readAllBytes(folder.resolve(name));
            assertThat(refusal("--out", folder.resolve(name)))
                    .contains("--out: expected a name that ends in .html", "a file of the run");
            assertThat(folder.resolve(name)).hasBinaryContent(before);
        }
        assertThat(refusal("--out", folder)).contains("--out: expected a file, found the folder");
        for (int times = 0; times < 2; times++) {
            assertThat(report("--out", folder.resolve("other.html"))).isNotEmptyFile();
        }
    }

    @Test
    void aSearchThatKeptTheEndsIsOfAllTheDocumentsItScored() throws IOException {
        HostileRun.write(folder, 3, 10);
        List<String> batches = List.of("batch 0 of a", "batch 1 of a", "b 2", "b 3", "b 4", "batch 5 of b");
        describe(
                Map.of("store", "00"), Map.of("keep", "4"), Map.of("documents", 1_234_567, "damaged_batches", batches));
        JsonNode report = ReportPages.read(report()).json("report");
        assertThat(report.at("/overview/title").asText()).isEqualTo("What 1,234,567 documents did to 3 completions");
        assertThat(report.path("documents").asInt()).isEqualTo(1_234_567);
        assertThat(report.at("/queries/0/ranked").isNull())
                .as("known of the kept ones only")
                .isTrue();
        assertThat(report.at("/overview/left_out").toString())
                .contains("6 damaged batches of the gradient store were left out", "batch 1 of a", "b 4, …")
                .contains("how many were skipped when it was made is not known here")
                .contains("in the compression and precision that it was made with", "scores are by these gradients")
                .doesNotContain("batch 5 of b", "No document was skipped", "kept in full");
    }

    @Test
    void whatTheRunHasNotRecordedIsNotSaidToBeNone() throws IOException {
        HostileRun.write(folder, 3, 10);
        describe(Map.of(), Map.of(), Map.of());
        assertThat(leftOut())
                .contains("How many documents were skipped is not known")
                .doesNotContain("damaged");
        describe(Map.of(), Map.of(), Map.of("skipped_documents", Map.of()));
        assertThat(leftOut()).contains("No document was skipped.");
        describe(Map.of(), Map.of(), Map.of("skipped_documents", Map.of("empty", 2)));
        assertThat(leftOut()).contains("were skipped: 2 empty.");
    }

    private String leftOut() {
        return ReportPages.read(report())
                .json("report")
                .at("/overview/left_out")
                .toString();
    }

    /// Gives the run another manifest.
    private void describe(Map<String, String> inputs, Map<String, String> settings, Map<String, Object> results)
            throws IOException {
        Manifest manifest = Manifest.of("scores", "made-up", inputs, settings).completed();
        manifest.results().putAll(results);
        new ObjectMapper().writeValue(folder.resolve(Manifest.FILE).toFile(), manifest);
    }

    @Test
    void aReportThatFailsWhileItIsWrittenLeavesTheOneBefore() throws IOException {
        Path full = Path.of("/dev/full"); // has no room, ever
        assumeThat(full).exists();
        HostileRun.write(folder, 3, 10);
        Path file = report();
        byte[] before = Files.readAllBytes(file);
        Files.createSymbolicLink(PartFile.part(file), full);
        Commands.Answer answer = Commands.run("report", folder, "-k", 2);
        assertThat(answer.status()).isNotEqualTo(ExitStatus.DONE);
        assertThat(answer.complaints().getFirst()).contains("report.html.part", "cannot be written", "make room");
        assertThat(file).hasBinaryContent(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
        assertThat(Files.readAllBytes(report("-k", 2))).as("the next one").isNotEqualTo(before);
    }

    @Test
    void aReportOfARunThatCannotBeReadLeavesTheOneBefore() throws IOException {
        HostileRun.write(folder, 3, 10);
        byte[] before = Files.readAllBytes(report());
        Files.delete(folder.resolve("scores-00000.arrow"));
        Commands.Answer answer = Commands.run("report", folder);
        assertThat(answer.complaints().getFirst()).contains("scores-00000.arrow");
        assertThat(folder.resolve("report.html")).hasBinaryContent(before);
    }

    private Path report(Object... options) {
        List<Object> command = new ArrayList<>(List.of("report", folder));
        command.addAll(List.of(options));
        return Path.of(Commands.succeed(command.toArray()).strip());
    }

    private String refusal(Object... options) {
        List<Object> command = new ArrayList<>(List.of("report", folder));
        command.addAll(List.of(options));
        Commands.Answer answer = Commands.run(command.toArray());
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitStatus.BAD_INPUT);
        return answer.complaints().getFirst();
    }

    private static int place(double[] scores, int from, int at) {
        int before = 0;
        for (int i = from; i < from + 300; i++) {
            before += scores[i] > scores[at] ? 1 : 0;
        }
        return before + 1;
    }

    private static String digest(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
