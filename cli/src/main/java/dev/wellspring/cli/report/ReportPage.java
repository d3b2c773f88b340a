package dev.wellspring.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The report as one HTML file that needs nothing else: `report.html` with the style sheet, the charts' library, the
/// page's own scripts and the data put in.
///
/// Data stand in elements of their own, which the page parses when it needs them. The policy in the head lets only the
/// two scripts run, by their digests, and lets nothing be fetched. The same report gives the same bytes.
public final class ReportPage {
    /// In the order in which they use one another.
    private static final List<String> SCRIPTS =
            List.of("dom.js", "data.js", "tables.js", "figures.js", "pages.js", "charts.js", "report.js");

    private static final ObjectMapper JSON = new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private ReportPage() {}

    /// Writes the page and flushes the stream.
    ///
    /// @throws UncheckedIOException if the stream does not take it
    public static void write(Report report, OutputStream stream) {
        write(report, null, stream);
    }

    /// The same for a page that is served while the run goes on: it asks its server, and nobody else, what is new.
    ///
    /// @param version of what is there of the run; the page offers to be loaded again when its server tells another
    public static void writeWatched(Report report, String version, OutputStream stream) {
        write(report, version, stream);
    }

    /// @param version null for a file that knows of no server
    private static void write(Report report, @Nullable String version, OutputStream stream) {
        String charts = inScript(ChartLibrary.script());
        String script = inScript(
                SCRIPTS.stream().map(ChartLibrary::read).collect(Collectors.joining("\n", "\"use strict\";\n", "")));
        String page = ChartLibrary.read("report.html")
                .replace("%SCRIPT-HASHES%", digest(charts) + " " + digest(script))
                .replace("%CONNECTIONS%", version == null ? "" : " connect-src 'self';")
                .replace("%STYLE%", ChartLibrary.read("report.css"));
        try (Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16)) {
            out.write(before(page, "%DATA%"));
            data(report, version, out);
            String after = after(page, "%DATA%");
            out.write(before(after, "%CHARTS%"));
            out.write(charts);
            String rest = after(after, "%CHARTS%");
            out.write(before(rest, "%SCRIPT%"));
            out.write(script);
            out.write(after(rest, "%SCRIPT%"));
        } catch (IOException failure) {
            throw new UncheckedIOException("report: " + failure.getMessage(), failure);
        }
    }

    private static void data(Report report, @Nullable String version, Writer out) throws IOException {
        var json = new ReportJson(report);
        ObjectNode run = json.run();
        run.put("watch", version);
        block("report", run, out);
        for (int query = 0; query < report.queries().size(); query++) {
            block("ranking-" + query, json.ranking(query), out);
        }
        block("documents", json.documents(), out);
    }

    private static void block(String id, JsonNode content, Writer out) throws IOException {
        out.write("<script type=\"application/json\" id=\"" + id + "\">");
        try (var safe = new ScriptSafeWriter(out)) {
            JSON.writeValue(safe, content);
        }
        out.write("</script>\n");
    }

    /// The same script, with nothing in it that would end its element.
    private static String inScript(String script) {
        return "\n" + script.strip().replace("</script", "<\\/script").replace("<!--", "<\\!--") + "\n";
    }

    /// What the policy calls a script.
    private static String digest(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: every Java has it", impossible);
        }
    }

    private static String before(String page, String mark) {
        return page.substring(0, page.indexOf(mark));
    }

    private static String after(String page, String mark) {
        return page.substring(page.indexOf(mark) + mark.length());
    }
}
