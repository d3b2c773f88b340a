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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Serves the report of a run that may still go on, to browsers of this machine only: on the loopback interface, and
/// only to requests that name it as their host, so that no page of another site can reach it by a name of its own.
///
/// The report is written anew when a page is asked for and there are more shards than before. One request at a time.
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
    private int shardsOfPage;

    /// Makes the page of what is there.
    @FunctionalInterface
    interface Writer {
        /// @param shards how many there are
        byte[] write(int shards) throws IOException;
    }

    /// What is there of a run.
    ///
    /// @param complete whether nothing more will come
    private record State(int shards, long documents, boolean complete) {
        static State of(Path run) {
            boolean complete = Manifest.read(run).complete();
            if (!ScoreFolder.hasShards(run)) {
                return new State(0, 0, complete);
            }
            try (ScoreFolder folder = ScoreFolder.open(run)) {
                return new State(folder.shardCount(), folder.rowCount(), complete);
            }
        }
    }

    /// Begins to serve.
    ///
    /// @param port 0 for any that is free
    ReportServer(Path run, int port, Writer writer, Progress progress) throws IOException {
        this.run = run;
        this.writer = writer;
        this.progress = progress;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException taken) {
            throw new BadInputException(
                    "--watch: expected a free port, found " + port + " taken; give another, or 0 for any");
        }
        server.createContext("/", this::handle);
        server.start();
    }

    /// Where it is.
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!isOfThisMachine(exchange)) {
                answer(exchange, 403, "text/plain", bytes("only for " + address()));
            } else if (!exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 405, "text/plain", bytes("only GET"));
            } else if (path.equals("/progress")) {
                answer(exchange, 200, "application/json", state());
            } else if (path.equals("/")) {
                answer(exchange, 200, HTML, page());
            } else {
                answer(exchange, 404, "text/plain", bytes("only " + address()));
            }
        } catch (IOException | RuntimeException failure) {
            progress.note("not served: " + failure.getMessage());
            throw failure;
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
        return new ObjectMapper().writeValueAsBytes(json);
    }

    private byte[] page() throws IOException {
        State state = State.of(run);
        if (state.shards() == 0) {
            return bytes(NOTHING_YET);
        }
        if (state.shards() != shardsOfPage) {
            page = writer.write(state.shards());
            shardsOfPage = state.shards();
        }
        return page;
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
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
