package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a served report is written anew, and what a browser gets where it cannot be.
class ReportServerTest {
    @TempDir
    private Path run;

    private final List<String> written = new ArrayList<>();

    @Test
    void thePageIsWrittenAnewWhenAnythingOfTheRunIsNew() throws Exception {
        HostileRun.begin(run, 3, false);
        try (var server = new ReportServer(run, 0, this::count, Progress.silent())) {
            server.start();
            assertThat(get(server, "").body()).contains("No shard of the run is whole yet");
            HostileRun.addShard(run, 0, 3, 5);
            get(server, "");
            assertThat(get(server, "").body()).isEqualTo("page 1");
            HostileRun.addShard(run, 1, 3, 5);
            assertThat(get(server, "").body()).isEqualTo("page 2");
            assertThat(state(server).path("documents").asInt()).isEqualTo(10);
            describe(Manifest.read(run).with("bm25", "there"));
            assertThat(get(server, "").body()).isEqualTo("page 3");
            describe(Manifest.read(run).completed());
            assertThat(state(server).path("complete").asBoolean()).isTrue();
            assertThat(state(server).path("version").asText())
                    .as("which the page compares with its own")
                    .isNotEqualTo(written.getLast());
            assertThat(get(server, "").body()).isEqualTo("page 4");
            assertThat(get(server, "").body()).isEqualTo("page 4");
            assertThat(state(server).path("version").asText()).isEqualTo(written.getLast());
        }
    }

    @Test
    void aSearchIsFinishedWhenItsExactScoresAreCompared() throws Exception {
        HostileRun.begin(run, 3, false);
        HostileRun.addShard(run, 0, 3, 5);
        describe(Manifest.of("scores", "made-up", Map.of(), Map.of("rescore", "2", "sample", "0", "keep", "5"))
                .with("documents", 999)
                .completed());
        try (var server = new ReportServer(run, 0, this::count, Progress.silent())) {
            server.start();
            assertThat(state(server).path("complete").asBoolean()).isFalse();
            assertThat(state(server).path("documents").asInt()).isEqualTo(999);
            Files.writeString(run.resolve(Accuracy.FILE), "{}");
            assertThat(state(server).path("complete").asBoolean()).isTrue();
            assertThat(get(server, "").body()).isEqualTo("page 2");
        }
    }

    @Test
    void whatCannotBeWrittenIsAnsweredInALine() throws Exception {
        HostileRun.begin(run, 3, false);
        ReportServer.Writer failing = _ -> {
            throw new RunRefusedException("it is <b>broken</b>\nin two lines");
        };
        try (var server = new ReportServer(run, 0, failing, Progress.silent())) {
            server.start();
            HostileRun.addShard(run, 0, 3, 5);
            HttpResponse<String> answer = get(server, "");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("it is <b>broken</b> in two lines\n");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(get(server, "elsewhere").statusCode()).isEqualTo(404);
        }
        try (var server = new ReportServer(run, 0, failing, Progress.silent())) {
            assertThatThrownBy(server::start).as("before it serves").isInstanceOf(RunRefusedException.class);
        }
    }

    private byte[] count(String version) {
        written.add(version);
        return ("page " + written.size()).getBytes(StandardCharsets.UTF_8);
    }

    private void describe(Manifest manifest) throws IOException {
        new ObjectMapper().writeValue(run.resolve(Manifest.FILE).toFile(), manifest);
    }

    private static JsonNode state(ReportServer server) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(server, "progress").body());
    }

    private static HttpResponse<String> get(ReportServer server, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(server.address() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
