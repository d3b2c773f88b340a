package dev.wellspring.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How long the stages of runs took, from their `history.jsonl`. A stage that a time limit cut is not there.
///
/// @param backend what computed, in its own words; empty before the first stage
/// @param seconds by stage
public record TimedRun(String backend, Map<String, Double> seconds) {

    /// Reads runs whose stages have different names, such as a fit and a score; a folder without a history adds
    /// nothing.
    public static TimedRun read(Path... folders) throws IOException {
        var mapper = new ObjectMapper();
        String backend = "";
        Map<String, Instant> begun = new HashMap<>();
        Map<String, Double> seconds = new HashMap<>();
        for (Path folder : folders) {
            Path history = folder.resolve("history.jsonl");
            if (!Files.exists(history)) {
                continue;
            }
            for (String line : Files.readAllLines(history)) {
                JsonNode event = mapper.readTree(line);
                String stage = event.get("stage").asText();
                Instant time = Instant.parse(event.get("time").asText());
                backend = event.get("backend").asText();
                switch (event.get("event").asText()) {
                    case "begins" -> begun.put(stage, time);
                    case "ends" ->
                        seconds.put(
                                stage, Duration.between(begun.get(stage), time).toMillis() / 1e3);
                    default -> {} // other events are not timed
                }
            }
        }
        return new TimedRun(backend, Map.copyOf(seconds));
    }

    /// Seconds of a stage, or empty when it did not end.
    public Optional<Double> of(String stage) {
        return Optional.ofNullable(seconds.get(stage));
    }
}
