package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.Manifest;
import dev.wellspring.store.scores.QueryTokenScores;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRow;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// The report in a real browser.
class ReportIT {
    private static final int DOCUMENTS = 130;
    private static final int QUERIES = 16;
    private static final String QUERY = "/query/arithmetic-3";

    @TempDir
    static Path shared;

    private static Path file = Path.of("");
    private static Path run = Path.of("");
    private static Browser browser;

    @BeforeAll
    static void makeReport() throws IOException {
        browser = Browser.start();
        Commands.copyDemo(shared, DOCUMENTS);
        run = shared.resolve("run");
        Path factors = shared.resolve("factors");
        Commands.succeed(with("fit", "--documents", documents(), "--out", factors));
        Commands.succeed(scoring("0"));
        assertThat(run.resolve("query-tokens.json")).doesNotExist();
        Commands.succeed(scoring("25")); // adds to what is finished
        Files.writeString(Files.createDirectories(shared.resolve("lds")).resolve("lds.json"), LDS);
        Files.writeString(Files.createDirectories(shared.resolve("removal")).resolve("removal.json"), REMOVAL);
        Files.writeString(Files.createDirectories(shared.resolve("square")).resolve("square.json"), SQUARE);
        file = Path.of(Commands.succeed(
                        "report",
                        run,
                        "--progress",
                        "off",
                        "-k",
                        40,
                        "--factors",
                        factors,
                        "--model",
                        shared.resolve("model"),
                        "--documents",
                        documents(),
                        "--validation",
                        shared.resolve("lds"),
                        "--validation",
                        shared.resolve("removal"),
                        "--validation",
                        shared.resolve("square"))
                .strip());
    }

    private static Object[] scoring(String queryTokenScores) {
        return with(
                "score",
                "--factors",
                shared.resolve("factors"),
                "--documents",
                documents(),
                "--queries",
                shared.resolve("queries.jsonl"),
                "--token-scores",
                "--module-scores",
                "--query-token-scores",
                queryTokenScores,
                "--out",
                run);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openOverview() {
        browser.complaints();
        browser.requests();
        browser.screen(1280, 900, false);
        browser.open(file, "/");
    }

    @AfterEach
    void nobodyComplainsAndNothingIsFetched() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isEmpty();
    }

    @Test
    void itOpensInUnderTwoSeconds() throws IOException {
        Path large = Files.createDirectories(shared.resolve("large"));
        HostileRun.write(large, 100, 5_000);
        Path page =
                Path.of(Commands.succeed("report", large, "--progress", "off").strip());
        browser.open(page, "/");
        assertThat(browser.count("performance.timing.loadEventEnd - performance.timing.navigationStart"))
                .isLessThan(2_000);
        assertThat(browser.count("document.querySelectorAll('.plot svg').length"))
                .as("figures")
                .isPositive();
        assertThat(browser.requests()).isEmpty();
    }

    @Test
    void theHeatMapIsDrawnAndLeadsToPairsAndQueries() {
        assertThat(browser.count("document.querySelectorAll('figure svg path').length"))
                .isGreaterThan(QUERIES * QUERIES);
        var plot = browser.find(".plot");
        // The first cell, beside the room that heatMap() leaves to the names.
        int left = 186 + 4;
        int top = 6 + 4;
        browser.move(plot, left, top);
        assertThat(browser.text("document.querySelector('.tip').textContent")).contains("correlation ");
        browser.clickAt(plot, left, top);
        assertThat(browser.text("location.hash")).isEqualTo("#/query/" + browser.text("ordered[0].id"));
        browser.go("/");
        plot = browser.find(".plot");
        browser.clickAt(plot, plot.getSize().width - 8 - 4, top);
        assertThat(browser.text("location.hash"))
                .isEqualTo("#/pair/" + browser.text("ordered.at(-1).id") + "/" + browser.text("ordered[0].id"));
        assertThat(browser.all("blockquote")).hasSize(2);
    }

    @Test
    void theOverviewSaysWhatWasRankedAndWhatWasLeftOut() {
        String text = browser.text("document.querySelector('main').textContent");
        assertThat(text)
                .contains("What 130 documents did to 16 completions", "Positive: training more on the document makes")
                .contains("% of the squared gradient norm of all linear maps", "No document was skipped")
                .doesNotContain("--token-scores", "--module-scores");
        browser.go("/settings");
        assertThat(browser.text("document.querySelector('main').textContent"))
                .contains(
                        "damping",
                        "0.1x",
                        "Apache License",
                        Manifest.read(run).inputs().get("factors"));
        assertThat(Commands.run("report", run, "--factors", run).complaints().getFirst())
                .contains("--factors: expected the factors of the run");
    }

    @Test
    void answersAreMarkedWhereTheyStand() {
        browser.go("/query/capital-norland");
        String marked = "ranking(byId.get('capital-norland'), 'top').filter(row => row.answers)";
        assertThat(browser.count(marked + ".length")).isPositive();
        assertThat(browser.is(marked + ".every(row => !row.document.text || /norland/i.test(row.document.text[0]))"))
                .isTrue();
        assertThat(browser.count("document.querySelectorAll('tr.row .answer').length"))
                .isEqualTo(browser.count(marked + ".length"));
        browser.click(".filters input[type=checkbox]");
        assertThat(rows()).allSatisfy(row -> assertThat(row).contains("answer"));
    }

    @Test
    void queriesAreFoundByTextKindAndFamily() {
        browser.go("/queries");
        assertThat(rows()).hasSize(QUERIES);
        browser.press("/");
        browser.press("norland");
        assertThat(rows()).singleElement().satisfies(row -> assertThat(row).contains("capital-norland"));
        browser.run("const i = document.querySelector('#search'); i.value = ''; i.dispatchEvent(new Event('input'));");
        browser.run("const s = document.querySelector('select[aria-label=kind]');"
                + "s.value = 'reasoning'; s.dispatchEvent(new Event('input', {bubbles: true}));");
        assertThat(rows())
                .hasSize(QUERIES / 2)
                .allSatisfy(row -> assertThat(row).contains("reasoning"));
        assertThat(browser.text("document.querySelector('.count').textContent")).isEqualTo("8 of 16 queries");
    }

    @Test
    void tablesSortByAnyColumn() {
        browser.go("/queries");
        browser.click("th:nth-child(6) button");
        assertThat(browser.text("document.querySelector('th:nth-child(6)').getAttribute('aria-sort')"))
                .isEqualTo("descending");
        List<Double> losses = numbers("td:nth-child(6)");
        assertThat(losses).isSortedAccordingTo(Comparator.reverseOrder()).hasSize(QUERIES);
        browser.click("th:nth-child(6) button");
        assertThat(numbers("td:nth-child(6)")).isSorted();
        browser.click("th:nth-child(1) button");
        assertThat(keys()).isSorted();

        browser.go(QUERY);
        browser.click("th:nth-child(5) button");
        assertThat(numbers("tr.row td:nth-child(5)")).isSorted().hasSize(40);
    }

    @Test
    void aQueryShowsTheEndsOfItsRankingWithTheirScores() {
        browser.go(QUERY);
        ExportedScores top = ExportedScores.parse(
                Commands.succeed("top", run, "--query", "arithmetic-3", "-k", 40, "--format", "csv"));
        assertThat(keys()).isEqualTo(top.text("document"));
        browser.press("b");
        assertThat(keys())
                .isEqualTo(ExportedScores.parse(Commands.succeed(
                                "top", run, "--query", "arithmetic-3", "-k", 40, "--bottom", "--format", "csv"))
                        .text("document"));
        assertThat(browser.find("#tab-bottom").getAttribute("aria-selected")).isEqualTo("true");
    }

    @Test
    void tokensAndModulesAddUpToTheScore() {
        browser.go(QUERY);
        JsonNode ranking = ReportPages.read(file).json("ranking-" + number("arithmetic-3"));
        double raw = ranking.at("/top/raw/0").asDouble();
        String row = "ranking(byId.get('arithmetic-3'), 'top')[0]";
        for (String shares : List.of("tokens", "modules")) {
            Object sum = browser.run("return unpackNumbers(" + row + "." + shares + ").reduce((a, b) => a + b, 0)");
            assertThat(((Number) java.util.Objects.requireNonNull(sum)).doubleValue())
                    .isCloseTo(raw, within(0.01 * Math.abs(raw)));
        }
        browser.press("j");
        browser.enter();
        assertThat(browser.all(".detail .more-likely, .detail .less-likely")).isNotEmpty();
        assertThat(browser.text("document.querySelector('.detail .tokens').textContent"))
                .isEqualTo(browser.text("pieces(" + row + ".document.text).join('')"));
        browser.run("document.querySelector('.detail figure').scrollIntoView()");
        browser.until("document.querySelectorAll('.detail svg path').length > 3");
    }

    @Test
    void tokensOfAQueryAddUpToItsScoresAndAreMarked() {
        int query = number("arithmetic-3");
        double[] raw = new double[25];
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            QueryTokenScores kept = QueryTokenScores.read(run, folder.layout());
            List<Ranked<ScoreRow>> top =
                    folder.top(query, 1, 25, Normalisation.RAW, Tail.TOP).best();
            for (int i = 0; i < raw.length; i++) {
                ScoreRow row = top.get(i).row();
                raw[i] = row.raw();
                double[] tokens = Objects.requireNonNull(kept.of(row.document(), row.part(), query));
                double all = DoubleStream.of(tokens).map(Math::abs).sum();
                assertThat(DoubleStream.of(tokens).sum()).isCloseTo(raw[i], within(1e-5 * all));
            }
        }
        browser.go(QUERY);
        String asked = "document.querySelector('.asked')";
        assertThat(browser.text(asked + ".textContent")).contains("on average", "25 most positive documents");
        assertThat(browser.text("[...document.querySelectorAll('.asked .tokens')].map(e => e.textContent).join('')"))
                .isEqualTo(browser.text("report.queries[" + query + "].pieces[0]"));
        Object sum = browser.run("return unpackNumbers(meanTokens(byId.get('arithmetic-3'), 'top').mean)"
                + ".reduce((a, b) => a + b, 0)");
        double mean = DoubleStream.of(raw).average().orElse(0);
        assertThat(((Number) Objects.requireNonNull(sum)).doubleValue()).isCloseTo(mean, within(0.01 * mean));
        String top = browser.text(asked + ".innerHTML");
        assertThat(top).contains("more-likely");
        browser.press("b");
        assertThat(browser.text(asked + ".innerHTML")).isNotEqualTo(top).contains("25 most negative documents");
        browser.press("b");

        browser.press("j");
        browser.enter();
        assertThat(browser.all(".detail .answers-to .more-likely, .detail .answers-to .less-likely"))
                .isNotEmpty();
        assertThat(browser.is("ofTokens(report.queries[" + query + "], unpackCoarse(ranking(report.queries[" + query
                        + "], 'top')[0].queryTokens)).length === pieces(report.queries[" + query
                        + "].pieces).length"))
                .isTrue();
        assertThat(browser.text("document.querySelector('.answers-to .note').textContent"))
                .contains("They add up to the influence.");
        browser.go("/");
        assertThat(browser.text("document.querySelector('main').textContent"))
                .contains("is known of the 25 documents at either end only");
    }

    @Test
    void everythingIsReachedByKeys() {
        browser.press("?");
        assertThat(browser.is("document.querySelector('dialog').open")).isTrue();
        browser.escape();
        assertThat(browser.is("document.querySelector('dialog').open")).isFalse();

        browser.go("/queries");
        browser.press("j");
        browser.press("j");
        browser.press("k");
        browser.press(Keys.ARROW_DOWN);
        assertThat(browser.text("document.activeElement.dataset.key")).isEqualTo(browser.text("report.queries[1].id"));
        assertThat(browser.text("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
        browser.enter();
        assertThat(browser.text("location.hash")).isEqualTo("#/query/" + browser.text("report.queries[1].id"));
        browser.press("n");
        assertThat(browser.text("location.hash")).isEqualTo("#/query/" + browser.text("report.queries[2].id"));
        browser.press("p");
        browser.press("j");
        browser.enter();
        assertThat(browser.all("tr.detail")).hasSize(1);
        assertThat(browser.text("document.activeElement.getAttribute('aria-expanded')"))
                .isEqualTo("true");
        browser.escape();
        assertThat(browser.all("tr.detail")).isEmpty();
        browser.press("/");
        assertThat(browser.text("document.activeElement.id")).isEqualTo("search");
        browser.escape();
        assertThat(browser.text("document.activeElement.id")).isNotEqualTo("search");
        browser.escape();
        assertThat(browser.text("location.hash")).isEqualTo("#/queries");
        browser.escape();
        assertThat(browser.text("location.hash")).isEqualTo("#/");
    }

    @Test
    void everyControlHasANameAndEveryTableItsHeads() {
        for (String page : List.of("/", "/queries", QUERY, "/figures", "/validation", "/settings")) {
            browser.go(page);
            assertThat(browser.count("[...document.querySelectorAll('button, a, input, select')].filter(e =>"
                            + " !(e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label'))).length"))
                    .as(page)
                    .isZero();
            assertThat(browser.count("document.querySelectorAll('table:not([aria-label]), th:not([scope])').length"))
                    .as(page)
                    .isZero();
            assertThat(browser.count("document.querySelectorAll('h1').length"))
                    .as(page)
                    .isEqualTo(1);
        }
    }

    @Test
    void itIsDarkForThoseWhoLikeItDarkAndForThoseWhoSwitch() {
        assertThat(brightness()).isGreaterThan(200);
        browser.screen(1280, 900, true);
        assertThat(brightness()).isLessThan(60);
        browser.press("t"); // from the system's choice to light
        assertThat(brightness()).isGreaterThan(200);
        browser.press("t");
        browser.screen(1280, 900, false);
        assertThat(brightness()).isLessThan(60);
        browser.open(file, "/");
        assertThat(brightness()).as("remembered").isLessThan(60);
        browser.press("t");
        assertThat(brightness()).isGreaterThan(200);
    }

    @Test
    void textIsReadableOnItsPaperInBothColours() {
        for (boolean dark : List.of(false, true)) {
            browser.screen(1280, 900, dark);
            for (String colour : List.of("--ink", "--faint", "--accent", "--positive", "--negative")) {
                assertThat(contrast(colour))
                        .as(colour + (dark ? ", dark" : ", light"))
                        .isGreaterThanOrEqualTo(4.5);
            }
        }
    }

    @Test
    void nothingIsWiderThanAPhone() {
        browser.screen(360, 800, false);
        for (String page : List.of("/", "/queries", QUERY, "/figures", "/validation", "/settings")) {
            browser.go(page);
            if (page.equals(QUERY)) {
                browser.press("j");
                browser.enter();
            }
            assertThat(browser.count("document.documentElement.scrollWidth"))
                    .as(page)
                    .isLessThanOrEqualTo(360);
        }
    }

    @Test
    void figuresAreSavedAsPicturesAndNumbers() throws IOException {
        Path saved = Files.createDirectories(shared.resolve("saved"));
        browser.downloadTo(saved);
        for (var button : browser.all("figure .tools button")) {
            button.click();
            browser.settle();
        }
        String name = browser.text("document.querySelector('figure').id");
        for (String kind : List.of("svg", "png", "csv")) {
            Path one = saved.resolve(name + "." + kind);
            await(one);
            byte[] bytes = Files.readAllBytes(one);
            switch (kind) {
                case "svg" ->
                    assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
                            .startsWith("<svg");
                case "png" -> assertThat(bytes).startsWith(0x89, 'P', 'N', 'G');
                default -> assertThat(Files.readAllLines(one)).hasSize(1 + QUERIES * (QUERIES - 1) / 2);
            }
        }
    }

    @Test
    void validationsHaveFiguresAndTables() {
        browser.go("/validation");
        assertThat(browser.text("document.querySelector('main').textContent"))
                .contains("Linear datamodelling score", "most influential", "Squares left out", "Radius 1");
        for (var figure : browser.all("figure")) {
            browser.run("arguments[0].scrollIntoView()", figure);
            browser.settle();
        }
        browser.until("[...document.querySelectorAll('.plot')].every(plot => plot.querySelector('svg'))");
        assertThat(browser.all("figure")).hasSize(2 + 3);
    }

    @Test
    void everyFigureIsDrawn() {
        browser.go("/figures");
        for (var figure : browser.all("figure")) {
            browser.run("arguments[0].scrollIntoView()", figure);
            browser.settle();
        }
        browser.until("[...document.querySelectorAll('.plot')].every(plot => plot.querySelector('svg'))");
        assertThat(browser.all("figure")).hasSizeGreaterThanOrEqualTo(5);
        for (int i = 0; i < browser.all("main select").size(); i++) {
            browser.run(
                    "const s = document.querySelectorAll('main select')[arguments[0]]; s.selectedIndex = s.length - 1;"
                            + " s.dispatchEvent(new Event('change'));",
                    i);
            browser.settle();
        }
    }

    @Test
    void hostileTextsStayTexts() throws IOException {
        Path hostile = shared.resolve("hostile");
        HostileRun.write(hostile);
        Path page =
                Path.of(Commands.succeed("report", hostile, "--progress", "off").strip());
        for (int q = 0; q <= HostileRun.TEXTS.size(); q++) {
            browser.open(page, "/");
            browser.run("location.hash = '#/query/' + address(report.queries[arguments[0]])", q);
            browser.settle();
            assertThat(browser.all("tr.row")).as("documents of query " + q).hasSize(HostileRun.TEXTS.size() + 1);
            for (int i = 0; i < 3; i++) {
                browser.press("j");
                browser.enter();
            }
            browser.run("document.querySelectorAll('details').forEach(one => one.open = true)");
            browser.settle();
            assertThat(browser.text("document.title")).startsWith(q < HostileRun.TEXTS.size() ? "q" + q : "long");
            assertThat(browser.count("document.querySelectorAll('main script, main img, main iframe, main style,"
                            + " main a[href^=\"javascript\"], main [onload], main [onerror]').length"))
                    .isZero();
        }
        String text = browser.text("document.querySelector('main').textContent");
        browser.go("/");
        assertThat(browser.text("document.querySelector('main').textContent"))
                .contains("Which words of a query documents answer to is not shown", "--query-token-scores");
        browser.go("/queries");
        assertThat(browser.text("document.querySelector('main').textContent"))
                .contains("<script>document.title = 'pwned'</script>", "onerror=\"document.title='pwned'\"")
                .doesNotContain("\u202e", "\u0007", "\u2028");
        assertThat(browser.text("[...document.querySelectorAll('main .sign')].map(sign => sign.textContent).join(' ')"))
                .contains("RLO", "U+D83D", "U+DE00", "BEL", "NUL", "DEL", "LS");
        assertThat(text.length()).as("ten megabytes are folded").isLessThan(2_000_000);
        assertThat(browser.requests()).isEmpty();
    }

    @Test
    void aLineOfTenMegabytesIsShownPieceByPiece() throws IOException {
        Path hostile = shared.resolve("endless");
        HostileRun.write(hostile);
        Path page =
                Path.of(Commands.succeed("report", hostile, "--progress", "off").strip());
        browser.open(page, "/query/long");
        long before = browser.count("document.querySelector('.prompt').textContent.length");
        assertThat(before).isLessThan(5_000);
        browser.click(".prompt .more");
        assertThat(browser.count("document.querySelector('.prompt').textContent.length"))
                .isGreaterThan(200_000);
        browser.screen(360, 800, false);
        assertThat(browser.count("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
        assertThat(browser.requests()).isEmpty();
    }

    @Test
    void aSearchThatKeptTheEndsOnlyHasAReportToo() throws IOException {
        Path store = shared.resolve("store");
        Path found = shared.resolve("found");
        Path queries = shared.resolve("some-queries.jsonl");
        Files.write(
                queries,
                Files.readAllLines(shared.resolve("queries.jsonl")).stream()
                        .filter(line -> line.contains("\"arithmetic-"))
                        .limit(4)
                        .toList());
        Path factors = shared.resolve("factors");
        Commands.succeed(with("index", "--factors", factors, "--documents", documents(), "--out", store));
        Commands.succeed(with(
                "search",
                "--store",
                store,
                "--queries",
                queries,
                "--keep",
                9,
                "--factors",
                factors,
                "--rescore",
                5,
                "--query-token-scores",
                "--sample",
                8,
                "--out",
                found));
        Path page =
                Path.of(Commands.succeed("report", found, "--progress", "off").strip());
        browser.open(page, "/");
        assertThat(browser.text("document.querySelector('main').textContent"))
                .contains("keeps the ends of its rankings only", "random documents the store's scores correlate")
                .contains("What " + DOCUMENTS + " documents did to")
                .contains(
                        "in the compression and precision that it was made with",
                        "then scored again",
                        "when it was made is not known")
                .doesNotContain("were kept in full", "No document was skipped", "damaged");
        browser.go(QUERY);
        assertThat(rows()).as("those that were scored exactly").hasSize(5);
        assertThat(browser.text("document.querySelector('.count').textContent"))
                .isEqualTo("5 of 5 documents shown, of " + DOCUMENTS + " searched");
        browser.press("j");
        browser.enter();
        assertThat(browser.text("document.querySelector('tr.detail').textContent"))
                .contains("influence", "rank of " + DOCUMENTS);
        assertThat(browser.all("tr.detail .answers-to .more-likely")).isNotEmpty();
        assertThat(browser.text("document.querySelector('.asked .note').textContent"))
                .contains("5 most positive");
        assertThat(browser.text("document.querySelector('thead').textContent")).doesNotContain("length #");
    }

    @Test
    void aRunThatGoesOnIsServedToThisMachineWithWhatIsThere() throws Exception {
        Path going = shared.resolve("going");
        HostileRun.begin(going, 6, false);
        int port;
        try (var any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Path err = shared.resolve("err");
        try (ChildJvm _ = ChildJvm.start(err, "report", going, "--watch", port, "--progress", "off")) {
            while (!answer(port, "127.0.0.1:" + port, "GET /").contains("No shard of the run is whole yet")) {
                Thread.sleep(200);
            }
            HostileRun.addShard(going, 0, 6, 40);
            browser.visit("http://127.0.0.1:" + port + "/#/queries");
            browser.until(
                    "document.querySelector('.banner')?.textContent.includes('40 documents so far, in 1 shard.')");
            HostileRun.addShard(going, 1, 6, 40);
            browser.until("document.querySelector('.banner button')?.textContent === 'Show 40 more'");
            browser.click(".banner button");
            browser.until("document.documentElement.dataset.ready && report.documents === 80");
            assertThat(browser.text("location.hash")).isEqualTo("#/queries");
            HostileRun.begin(going, 6, true);
            browser.until("document.querySelector('.banner').textContent.startsWith('The run is finished.')");
            assertThat(browser.text("document.querySelector('.banner button').textContent"))
                    .isEqualTo("Show what is new");
            browser.click(".banner button");
            browser.until("document.documentElement.dataset.ready"
                    + " && document.querySelector('.banner')?.textContent.startsWith('The run is finished.')"
                    + " && !document.querySelector('.banner button')");
            assertThat(browser.requests())
                    .allSatisfy(url -> assertThat(url).matches("http://127[.]0[.]0[.]1:" + port + "/(progress)?"));

            assertThat(answer(port, "evil.example:" + port, "GET /")).startsWith("HTTP/1.1 403");
            assertThat(answer(port, "localhost:" + port, "GET /progress"))
                    .startsWith("HTTP/1.1 200")
                    .contains("{\"shards\":2,\"documents\":80,\"complete\":true,");
            assertThat(answer(port, "localhost:" + port, "POST /")).startsWith("HTTP/1.1 405");
            assertThat(answer(port, "localhost:" + port, "GET /../etc/passwd")).startsWith("HTTP/1.1 404");
            assertThat(Commands.run("report", going, "--watch", port)
                            .complaints()
                            .getFirst())
                    .contains("--watch: expected a free port, got " + port + " (Address already in use)");
            for (InetAddress address : others()) {
                assertThatThrownBy(() -> new Socket(address, port).close()).isInstanceOf(IOException.class);
            }
        }
    }

    /// What a server answers to a request that names some host; empty where there is none yet.
    private static String answer(int port, String host, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String text = request + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (ConnectException _) {
            return "";
        }
    }

    /// This machine's addresses that others reach.
    private static List<InetAddress> others() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
    }

    private static List<String> rows() {
        return browser.all("tr.row").stream().map(row -> row.getText()).toList();
    }

    private static List<String> keys() {
        return browser.all("tr.row").stream()
                .map(row -> String.valueOf(row.getAttribute("data-key")))
                .toList();
    }

    private static List<Double> numbers(String selector) {
        return browser.all(selector).stream()
                .map(cell -> Double.valueOf(cell.getText().replace(",", "").replace('−', '-')))
                .toList();
    }

    private static int number(String query) {
        return (int) browser.count("byId.get('" + query + "').number");
    }

    private static long brightness() {
        return browser.count("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
                + ".reduce((a, b) => a + Number(b), 0) / 3");
    }

    /// By the rule of the Web Content Accessibility Guidelines.
    private static double contrast(String colour) {
        Object ratio = browser.run("""
                const light = (hex) => {
                  const [r, g, b] = hex.match(/[0-9a-f]{2}/g).map((x) => parseInt(x, 16) / 255)
                    .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
                  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                const style = getComputedStyle(document.documentElement);
                const [a, b] = [arguments[0], '--paper'].map((name) => light(style.getPropertyValue(name).trim())).sort((x, y) => x - y);
                return (b + 0.05) / (a + 0.05);
                """, colour);
        return ((Number) java.util.Objects.requireNonNull(ratio)).doubleValue();
    }

    private static void await(Path download) throws IOException {
        for (int i = 0; i < 100 && (!Files.exists(download) || Files.size(download) == 0); i++) {
            browser.settle();
        }
        assertThat(download).exists();
    }

    private static Path documents() {
        return shared.resolve("documents.jsonl");
    }

    private static Object[] with(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--model", shared.resolve("model"), "--backend", "reference", "--progress", "off"));
        return all.toArray();
    }

    private static final String LDS = """
            {"documents": 130, "queries": 16, "subsets": 8, "share": 0.5, "seeds": 1, "seed": 0, "optimizer": "adamw",
             "modules": "mlp", "methods": {
               "ekfac 0.1x": {"lds": 0.41, "low": 0.35, "high": 0.47, "queries": {"arithmetic-3": 0.5}},
               "length": {"lds": "NaN", "low": "NaN", "high": "NaN", "queries": {"arithmetic-3": "NaN"}},
               "ekfac of another query": {"lds": -0.05, "low": -0.12, "high": 0.02, "queries": {"arithmetic-3": -0.1}}}}
            """;

    private static final String REMOVAL = """
            {"k": 5, "seeds": 2, "damping": "0.1x", "modules": "mlp", "queries": ["arithmetic-3"], "removed": {
               "nothing": {"documents": 0, "loss": 0.1, "geometric_mean_loss": 0.1, "rise": 0, "rise_low": 0,
                           "rise_high": 0, "exact": 1, "others_loss": 0.2, "others_exact": 0.9},
               "most influential": {"documents": 5, "loss": 0.9, "geometric_mean_loss": 0.8, "rise": 0.8, "rise_low": 0.5,
                           "rise_high": 1.1, "exact": 0.2, "others_loss": 0.2, "others_exact": 0.9}}}
            """;

    private static final String SQUARE = """
            {"seeds": 1, "damping": "0.1x", "modules": "all", "radius": {"1": {"spearman": 0.6, "low": 0.1, "high": 0.9,
               "area_under_curve": 0.8, "answered": 0.5, "cells": [
               {"a": 1, "b": 1, "ring": 1, "predicted_rise": 0.2, "rise": 0.3, "answered": 0},
               {"a": 1, "b": 2, "ring": 1, "predicted_rise": -0.1, "rise": 0.1, "answered": 1},
               {"a": 2, "b": 1, "ring": 1, "predicted_rise": 0.4, "rise": 0.5, "answered": 0},
               {"a": 2, "b": 2, "ring": 2, "predicted_rise": 0.1, "rise": "NaN", "answered": 1}]}}}
            """;
}
