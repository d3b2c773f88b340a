package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
        assertThat(Files.readAllBytes(report("--out", folder.resolve("other.html"))))
                .isEqualTo(first);
    }

    @Test
    void rankingsAndRanksAreThoseOfTheExportedScores() throws IOException {
        HostileRun.write(folder, 5, 300);
        ReportPages page = ReportPages.read(report("-k", 40, "--by", "normalised"));
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
        Commands.Answer nowhere =
                Commands.run("report", folder, "--out", folder.resolve("none").resolve("a.html"));
        assertThat(nowhere.status()).isNotEqualTo(ExitStatus.DONE);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aReportThatFailsLeavesTheOneBefore() throws IOException {
        HostileRun.write(folder, 3, 10);
        byte[] before = Files.readAllBytes(report());
        Files.delete(folder.resolve("scores-00000.arrow"));
        assertThat(Commands.run("report", folder).status()).isNotEqualTo(ExitStatus.DONE);
        assertThat(Files.readAllBytes(folder.resolve("report.html"))).isEqualTo(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
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
