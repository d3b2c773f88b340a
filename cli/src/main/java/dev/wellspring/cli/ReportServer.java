package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Progress;
import dev.wellspring.store.scores.ScoreFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Serves the report of a run that may still go on, to browsers of this machine only: on the loopback interface, and
/// only to requests that name it as their host, so that no page of another site can reach it by a name of its own.
///
/// The report is written anew when a page is asked for and there is more of the run than before: shards, BM25 scores,
/// findings in its manifest, exact scores. One request at a time.
final class ReportServer implements AutoCloseable {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String NOTHING_YET = """
            <!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>Wellspring</title>
            <p>No shard of the run is whole yet. This page looks again every two seconds.
            """;

    private final Path run;
    private final Writer writer;
    private final Progress progress;
    private final HttpServer server;
    private byte[] page = new byte[0];
    private String versionOfPage = "";

    /// Makes the page of what is there.
    @FunctionalInterface
    interface Writer {
        /// @param version of what is there
        byte[] write(String version) throws IOException;
    }

    /// What is there of a run.
    ///
    /// @param documents how many are scored
    /// @param complete whether nothing more will come
    /// @param version differs when a report would say something else
    private record State(int shards, long documents, boolean complete, String version) {
        static State of(Path run) {
            Manifest manifest = Manifest.read(run);
            boolean complete = FinishedScores.areWhole(run, manifest);
            String findings = Digests.of(Stream.of(Manifest.FILE, Accuracy.FILE)
                    .map(run::resolve)
                    .filter(Files::exists)
                    .toList());
            if (!ScoreFolder.hasShards(run)) {
                return new State(0, 0, complete, findings);
            }
            try (ScoreFolder folder = ScoreFolder.open(run)) {
                String version = folder.shardCount() + (folder.hasBm25() ? "+bm25-" : "-") + findings;
                return new State(folder.shardCount(), FinishedScores.scored(manifest, folder), complete, version);
            }
        }
    }

    /// @param status of HTTP
    private record Answer(int status, String type, byte[] body) {
        static Answer ofText(int status, @Nullable String text) {
            return new Answer(status, "text/plain; charset=utf-8", bytes(text + "\n"));
        }
    }

    /// Takes the port.
    ///
    /// @param port 0 to 65535, 0 for any that is free
    ReportServer(Path run, int port, Writer writer, Progress progress) throws IOException {
        this.run = run;
        this.writer = writer;
        this.progress = progress;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException taken) {
            throw new BadInputException("--watch: expected a free port, got " + port + " (" + taken.getMessage()
                    + "); give another, or 0 for any");
        }
    }

    /// Begins to serve, with the page of what is there already made: what it cannot be made of is refused now.
    void start() throws IOException {
        page();
        server.createContext("/", this::handle);
        server.start();
    }

    /// Where it is.
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(answer(exchange), exchange);
        } catch (IOException gone) {
            progress.note("not served: " + gone.getMessage());
            throw gone;
        }
    }

    private Answer answer(HttpExchange exchange) {
        if (!isOfThisMachine(exchange)) {
            return Answer.ofText(403, "only for " + address());
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return Answer.ofText(405, "only GET");
        }
        try {
            return switch (exchange.getRequestURI().getPath()) {
                case "/progress" -> new Answer(200, "application/json", state());
                case "/" -> new Answer(200, HTML, page());
                default -> Answer.ofText(404, "only " + address());
            };
        } catch (IOException | RuntimeException failure) {
            String reason = String.valueOf(failure.getMessage()).replaceAll("\\R", " ");
            progress.note("not served: " + reason);
            return Answer.ofText(500, reason);
        }
    }

    private boolean isOfThisMachine(HttpExchange exchange) {
        int port = server.getAddress().getPort();
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && Set.of("127.0.0.1:" + port, "localhost:" + port).contains(host);
    }

    private byte[] state() throws IOException {
        State state = State.of(run);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shards", state.shards());
        json.put("documents", state.documents());
        json.put("complete", state.complete());
        json.put("version", state.version());
        return new ObjectMapper().writeValueAsBytes(json);
    }

    private byte[] page() throws IOException {
        State state = State.of(run);
        if (state.shards() == 0) {
            return bytes(NOTHING_YET);
        }
        if (!state.version().equals(versionOfPage)) {
            page = writer.write(state.version());
            versionOfPage = state.version();
        }
        return page;
    }

    private static void send(Answer answer, HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer.body());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
